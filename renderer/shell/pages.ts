import {
  IconActivity,
  IconBolt,
  IconBoxMultiple,
  IconBrandDocker,
  IconCertificate,
  IconChartLine,
  IconClockHour4,
  IconCpu,
  IconDatabase,
  IconFileSettings,
  IconGitCommit,
  IconGitPullRequest,
  IconHierarchy3,
  IconHourglass,
  IconKey,
  IconLayoutDashboard,
  IconLink,
  IconListDetails,
  IconPlayerPlay,
  IconPlugConnected,
  IconPuzzle,
  IconReportMoney,
  IconServer2,
  IconServerCog,
  IconStack2,
  IconTargetArrow,
  IconTopologyStar3,
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
  topology: { title: "Topology", icon: IconTopologyStar3, chord: "g t" },
  placement: { title: "Placement", icon: IconTargetArrow, chord: "g u" },
  events: { title: "Events", icon: IconBolt, chord: "g e" },
  queues: { title: "Queues", icon: IconStack2, chord: "g q" },
  jobs: { title: "Jobs", icon: IconListDetails, chord: "g j" },
  schedules: { title: "Schedules", icon: IconClockHour4, chord: "g s" },
  workers: { title: "Workers", icon: IconCpu, chord: "g w" },
  metrics: { title: "Metrics", icon: IconChartLine, chord: "g m" },
  storage: { title: "Storage", icon: IconDatabase, chord: "g t" },
  daemons: { title: "Daemons", icon: IconHierarchy3, chord: "g d" },
  workloads: { title: "Workloads", icon: IconStack2, chord: "g l" },
  images: { title: "Images", icon: IconBrandDocker, chord: "g i" },
  syncs: { title: "Sync", icon: IconGitCommit, chord: "g s" },
  changes: { title: "Changes", icon: IconGitPullRequest, chord: "g j" },
  repositories: { title: "Repositories", icon: IconKey, chord: "g r" },
  rotations: { title: "Rotations", icon: IconKey, chord: "g r" },
  executions: { title: "Executions", icon: IconPlayerPlay, chord: "g e" },
  waitpoints: { title: "Waitpoints", icon: IconHourglass, chord: "g t" },
  budgets: { title: "Budgets", icon: IconReportMoney, chord: "g b" },
  server: { title: "Server", icon: IconServerCog, chord: "g s" },
  activity: { title: "Activity", icon: IconActivity, chord: "g a" },
  connections: { title: "Connections", icon: IconPlugConnected, chord: "g n" },
};
