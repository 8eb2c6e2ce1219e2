import {
  IconActivity,
  IconBolt,
  IconBoxMultiple,
  IconCertificate,
  IconFileSettings,
  IconLayoutDashboard,
  IconLink,
  IconPlugConnected,
  IconPuzzle,
  IconServer2,
} from "@tabler/icons-react";
import type { PageName } from "../state/paths.ts";

/** How a page is named and reached in the navigation. */
interface PageLook {
  title: string;
  icon: typeof IconActivity;
  chord: string;
}

/** Every page of the console, whichever system it belongs to. */
export const pageLooks: Record<PageName, PageLook> = {
  overview: { title: "Overview", icon: IconLayoutDashboard, chord: "g o" },
  hosts: { title: "Hosts", icon: IconServer2, chord: "g h" },
  components: { title: "Components", icon: IconBoxMultiple, chord: "g c" },
  providers: { title: "Providers", icon: IconPuzzle, chord: "g p" },
  links: { title: "Links", icon: IconLink, chord: "g l" },
  config: { title: "Config", icon: IconFileSettings, chord: "g f" },
  claims: { title: "Claims", icon: IconCertificate, chord: "g i" },
  events: { title: "Events", icon: IconBolt, chord: "g e" },
  activity: { title: "Activity", icon: IconActivity, chord: "g a" },
  connections: { title: "Connections", icon: IconPlugConnected, chord: "g n" },
};
