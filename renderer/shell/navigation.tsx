import { Tooltip } from "@mantine/core";
import { Link, useLocation, useNavigate } from "react-router";
import { useTopic, useTopicField } from "../client/use-topic.ts";
import { isConsolePage, type PageName, pageOfPath, pagesOf, pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { formatCount } from "../ui/format.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import classes from "./frame.module.css";
import own from "./navigation.module.css";
import { OtherSystems } from "./other-systems.tsx";
import { pageLooks } from "./pages.ts";
import { PreferencesMenu } from "./preferences-menu.tsx";

/** The pages with what each holds, and the way to other systems. */
export function Navigation({ selection }: { selection: Selection | undefined }) {
  const navigate = useNavigate();
  const counts = usePageCounts(selection);
  const here = pageOfPath(useLocation().pathname);
  const pages = pagesOf(selection);
  useShortcuts(
    pages.map((page) => ({
      id: `go-${page}`,
      label: `Go to ${pageLooks[page].title.toLowerCase()}`,
      group: "Go to",
      keys: pageLooks[page].chord,
      run: () => navigate(pathTo(page, selection)),
    })),
  );
  const link = (page: PageName) => (
    <PageLink
      key={page}
      page={page}
      to={pathTo(page, selection)}
      current={page === here}
      count={counts[page]}
    />
  );
  return (
    <nav className={classes.navigation} aria-label="Pages">
      <ul className={own.list}>
        {pages.filter((page) => !isConsolePage(page)).map(link)}
        <OtherSystems selection={selection} />
        <li className={own.divider} aria-hidden="true" />
        {pages.filter(isConsolePage).map(link)}
      </ul>
      <div className={own.foot}>
        <PreferencesMenu />
      </div>
    </nav>
  );
}

function PageLink(props: { page: PageName; to: string; current: boolean; count: number | undefined }) {
  const { title, icon: Icon, chord } = pageLooks[props.page];
  return (
    <li>
      <Tooltip label={`${title} (${chord})`} position="right" openDelay={600}>
        <Link to={props.to} className={own.link ?? ""} aria-current={props.current ? "page" : undefined}>
          <Icon size={16} stroke={1.6} aria-hidden="true" />
          <span className={own.label}>{title}</span>
          {props.count !== undefined && <span className={own.count}>{formatCount(props.count)}</span>}
        </Link>
      </Tooltip>
    </li>
  );
}

/** How much each page holds, as far as it is known without opening the page; renders when one of the counts changes. */
function usePageCounts(selection: Selection | undefined): Partial<Record<PageName, number>> {
  const connections = useTopic("connections").rows.length;
  const lattice = selection?.system === undefined ? selection?.lattice : undefined;
  const scope = { connectionId: lattice === undefined ? undefined : selection?.connectionId };
  const hosts = useTopicField(
    "lattice.lattices",
    scope,
    lattice,
    ({ hosts: { live, stale, lost } }) => live + stale + lost,
  );
  const components = useTopicField("lattice.lattices", scope, lattice, (row) => row.components);
  const providers = useTopicField("lattice.lattices", scope, lattice, (row) => row.providers);
  const links = useTopicField("lattice.lattices", scope, lattice, (row) =>
    row.links === 0 && row.linksReadAt === undefined ? undefined : row.links,
  );
  if (hosts === undefined || components === undefined || providers === undefined) return { connections };
  return { hosts, components, providers, ...(links !== undefined && { links }), connections };
}
