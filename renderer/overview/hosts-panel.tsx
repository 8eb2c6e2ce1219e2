import { memo, useMemo } from "react";
import { Link } from "react-router";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { useCalmTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import classes from "./overview.module.css";

const urgency: Record<HostRow["status"], number> = { lost: 0, stale: 1, live: 2, stopped: 3 };

/** Hosts that need a look first, then by name; those that were stopped in order come last. */
export function hostsByConcern(hosts: readonly HostRow[]): HostRow[] {
  return [...hosts].sort(
    (a, b) => urgency[a.status] - urgency[b.status] || (a.friendlyName < b.friendlyName ? -1 : 1),
  );
}

/** More cells than this say nothing that the list of hosts would not say better. */
const mostCells = 600;
/** So few have room for their names. */
const mostNamed = 24;

/** One cell a host, those that need a look first. */
export function HostsPanel({ selection }: { selection: LatticeSelection }) {
  const { connectionId, lattice } = selection;
  const { rows } = useCalmTopic("lattice.hosts", { connectionId, lattice });
  const hosts = useMemo(() => hostsByConcern(rows), [rows]);
  if (hosts.length === 0) return null;
  return (
    <section className={classes.panel} aria-labelledby="hosts-at-a-glance">
      <h2 id="hosts-at-a-glance" className={classes.panelTitle}>
        Hosts at a glance
        <Link to={pathTo("hosts", selection)} aria-label="All hosts">
          all
        </Link>
      </h2>
      <ul className={classes.cells}>
        {hosts.slice(0, mostCells).map((host) => (
          <HostCell
            key={host.id}
            host={host}
            to={`${pathTo("hosts", selection)}?open=${host.id}`}
            named={hosts.length <= mostNamed}
          />
        ))}
      </ul>
      {hosts.length > mostCells && <div className={classes.more}>and {hosts.length - mostCells} more</div>}
    </section>
  );
}

interface HostCellProps {
  host: HostRow;
  to: string;
  named: boolean;
}

/** Drawn anew only when it looks different: each heartbeat gives its host a new row, and there are hundreds of cells. */
const HostCell = memo(function HostCell({ host, to, named }: HostCellProps) {
  const { shape, tone } = lookOf(host.status);
  const text = cellText(host);
  return (
    <li>
      {/* Not on the way of the Tab key: hundreds of cells would bar it, and the list of hosts has its own keys. */}
      <Link to={to} tabIndex={-1} className={classes.cell ?? ""} title={text} aria-label={text}>
        <StateGlyph shape={shape} tone={tone} size={12} />
        {named && host.friendlyName}
      </Link>
    </li>
  );
}, looksSame);

function looksSame(before: HostCellProps, after: HostCellProps): boolean {
  return (
    before.to === after.to && before.named === after.named && cellText(before.host) === cellText(after.host)
  );
}

function cellText(host: HostRow): string {
  const { word } = lookOf(host.status);
  return `${host.friendlyName} · ${word} · ${host.version} · ${host.componentCount} components, ${host.providerCount} providers`;
}
