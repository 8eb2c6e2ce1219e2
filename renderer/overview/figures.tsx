import type { ReactNode } from "react";
import { Link } from "react-router";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./overview.module.css";

/** The few key figures of a lattice, each leading to its page. */
export function Figures({ row, selection }: { row: LatticeRow; selection: LatticeSelection }) {
  const { live, stale, lost } = row.hosts;
  return (
    <section className={classes.figures} aria-label="Key figures">
      <Figure page="hosts" name="Hosts" value={live + stale + lost} selection={selection}>
        <StatusBadge state="live" label={`${live} live`} />
        {stale > 0 && <StatusBadge state="stale" label={`${stale} stale`} />}
        {lost > 0 && <StatusBadge state="lost" label={`${lost} lost`} />}
      </Figure>
      <Figure page="components" name="Components" value={row.components} selection={selection}>
        {formatQuantity(row.componentIds, "id")}
      </Figure>
      <Figure page="providers" name="Providers" value={row.providers} selection={selection}>
        {row.unhealthyProviders > 0 && (
          <StatusBadge state="unhealthy" label={`${row.unhealthyProviders} unhealthy`} />
        )}
        {row.silentProviders > 0 && <StatusBadge state="silent" label={`${row.silentProviders} silent`} />}
        {row.unhealthyProviders + row.silentProviders === 0 && "none reported unhealthy"}
      </Figure>
      <Figure page="events" name="Events" value={row.eventsTotal} selection={selection}>
        {row.malformedEvents > 0 && (
          <StatusBadge state="warning" label={`${row.malformedEvents} malformed`} />
        )}
        {row.unknownEvents > 0 && <span>{row.unknownEvents} of unknown type</span>}
        {row.malformedEvents + row.unknownEvents === 0 && "no unreadable events"}
      </Figure>
    </section>
  );
}

interface FigureProps {
  page: PageName;
  name: string;
  value: number;
  selection: LatticeSelection;
  children: ReactNode;
}

function Figure({ page, name, value, selection, children }: FigureProps) {
  return (
    <Link to={pathTo(page, selection)} className={classes.figure ?? ""}>
      <div className={classes.figureName}>{name}</div>
      <div className={classes.figureValue}>{formatCount(value)}</div>
      <div className={classes.figureDetail}>{children}</div>
    </Link>
  );
}
