import { Tooltip } from "@mantine/core";
import {
  IconActivity,
  IconBolt,
  IconBoxMultiple,
  IconLayoutDashboard,
  IconPlugConnected,
  IconPuzzle,
  IconServer2,
} from "@tabler/icons-react";
import { Link, useLocation, useNavigate } from "react-router";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { isConsolePage, type PageName, pageNames, pageOfPath, pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { formatCount } from "../ui/format.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import classes from "./frame.module.css";
import own from "./navigation.module.css";
import { PreferencesMenu } from "./preferences-menu.tsx";

/** Titles of the pages, as in the navigation. */
export const pageTitles: Record<PageName, string> = {
  overview: "Overview",
  hosts: "Hosts",
  components: "Components",
  providers: "Providers",
  events: "Events",
  activity: "Activity",
  connections: "Connections",
};

const icons: Record<PageName, typeof IconActivity> = {
  overview: IconLayoutDashboard,
  hosts: IconServer2,
  components: IconBoxMultiple,
  providers: IconPuzzle,
  events: IconBolt,
  activity: IconActivity,
  connections: IconPlugConnected,
};

const chords: Record<PageName, string> = {
  overview: "g o",
  hosts: "g h",
  components: "g c",
  providers: "g p",
  events: "g e",
  activity: "g a",
  connections: "g n",
};

/** The pages with what each holds. */
export function Navigation({ selection }: { selection: Selection | undefined }) {
  const navigate = useNavigate();
  const counts = useCounts(selection);
  const here = pageOfPath(useLocation().pathname);
  const pages = selection ? pageNames : pageNames.filter(isConsolePage);
  useShortcuts(
    pages.map((page) => ({
      id: `go-${page}`,
      label: `Go to ${pageTitles[page].toLowerCase()}`,
      group: "Go to",
      keys: chords[page],
      run: () => navigate(pathTo(page, selection)),
    })),
  );
  return (
    <nav className={classes.navigation} aria-label="Pages">
      <ul className={own.list}>
        {pages.map((page) => {
          const Icon = icons[page];
          return (
            <li key={page}>
              {page === "activity" && selection && <div className={own.divider} />}
              <Tooltip label={`${pageTitles[page]} (${chords[page]})`} position="right" openDelay={600}>
                <Link
                  to={pathTo(page, selection)}
                  className={own.link ?? ""}
                  aria-current={page === here ? "page" : undefined}
                >
                  <Icon size={16} stroke={1.6} aria-hidden="true" />
                  <span className={own.label}>{pageTitles[page]}</span>
                  {counts[page] !== undefined && (
                    <span className={own.count}>{formatCount(counts[page])}</span>
                  )}
                </Link>
              </Tooltip>
            </li>
          );
        })}
      </ul>
      <div className={own.foot}>
        <PreferencesMenu />
      </div>
    </nav>
  );
}

function useCounts(selection: Selection | undefined): Partial<Record<PageName, number>> {
  const lattice = useTopicRow(
    "lattice.lattices",
    { connectionId: selection?.connectionId },
    selection?.lattice,
  );
  const connections = useTopic("connections").rows.length;
  if (!lattice) return { connections };
  const { live, stale, lost } = lattice.hosts;
  return {
    hosts: live + stale + lost,
    components: lattice.components,
    providers: lattice.providers,
    connections,
  };
}
