import type { ReactNode } from "react";
import { Link } from "react-router";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { activityGroups, groupQuery, slowestOf } from "../client/activity-groups.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import { useRateHistory } from "../state/rate-history.ts";
import { type LatticeSelection, useSelection } from "../state/selection.ts";
import { useUiStore } from "../state/ui-store.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatClock, formatCount, formatQuantity, formatRate } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { RateChart } from "../ui/rate-chart.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { HostsPanel } from "./hosts-panel.tsx";
import classes from "./overview.module.css";

const shownAtOnce = 6;

/** The latest commands on this connection and how far each came. */
function RecentActivityPanel({ selection }: { selection: LatticeSelection }) {
  const activities = useTopic("activity").rows.filter((one) => one.connectionId === selection.connectionId);
  const newest = activityGroups(activities).slice(0, shownAtOnce);
  const path = pathTo("activity", selection);
  return (
    <section className={classes.panel} aria-labelledby="recent">
      <h2 id="recent" className={classes.panelTitle}>
        Recent activity
        <Link to={path}>all</Link>
      </h2>
      {newest.length === 0 && (
        <div className={classes.quiet}>Nothing has been changed through this console</div>
      )}
      <ul className={classes.list}>
        {newest.map((group) => (
          <li key={group.key} className={classes.activity}>
            <Link className={classes.concernTitle ?? ""} to={path + groupQuery(group)}>
              {group.title}
            </Link>
            <ActivityPips activity={slowestOf(group)} />
            <span className={classes.side}>
              <RelativeTime at={group.members[0]?.startedAt ?? ""} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where one is, whether anything is wrong, and what happens because of the person. */
export function OverviewPage() {
  const selection = useSelection();
  const { connectionId, lattice } = selection;
  const utc = useUiStore((state) => state.utc);
  const row = useTopicRow("lattice.lattices", { connectionId }, lattice);
  return (
    <Page
      title="Overview"
      counts={row?.dataFrom && `of ${lattice}, as of ${formatClock(Date.parse(row.dataFrom), utc)}`}
      scroll
    >
      {row ? <Panels row={row} selection={selection} /> : <NothingKnown selection={selection} />}
    </Page>
  );
}

function Panels({ row, selection }: { row: LatticeRow; selection: LatticeSelection }) {
  return (
    <>
      <Figures row={row} selection={selection} />
      <div className={classes.columns}>
        <div>
          <AttentionPanel selection={selection} row={row} />
          <HostsPanel selection={selection} />
        </div>
        <div>
          <EventRatePanel selection={selection} row={row} />
          <RecentActivityPanel selection={selection} />
        </div>
      </div>
    </>
  );
}

function NothingKnown({ selection }: { selection: LatticeSelection }) {
  const { phase } = useTopic("lattice.lattices", { connectionId: selection.connectionId });
  const state = selection.status?.state;
  if (phase === "loading" || state === undefined || state === "opening") {
    return <LoadingSkeleton rows={3} height={60} />;
  }
  const text =
    state === "open"
      ? "No host has sent a heartbeat and none answers on these servers. The name may be wrong, or no host runs."
      : "The connection is not open. What its lattice holds is read as soon as it is.";
  return <EmptyState title={`Nothing is known of lattice ${selection.lattice} yet`} text={text} />;
}

/** The few key figures of a lattice, each leading to its page. */
function Figures({ row, selection }: { row: LatticeRow; selection: LatticeSelection }) {
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

/** How many events a second came in during the last minute. */
function EventRatePanel({ selection, row }: { selection: LatticeSelection; row: LatticeRow }) {
  const rate = row.eventsPerSecond;
  const history = useRateHistory(`${selection.connectionId}/${selection.lattice}`, rate);
  const values = [...history.slice(0, -1), rate];
  const top = Math.max(...values);
  return (
    <section className={classes.panel} aria-labelledby="event-rate">
      <h2 id="event-rate" className={classes.panelTitle}>
        Events per second, last minute
        <span>{formatRate(rate)}</span>
      </h2>
      <div className={classes.chart}>
        <RateChart
          values={values}
          label={`Events per second: now ${formatRate(rate)}, at most ${formatRate(top)}`}
        />
        <div className={classes.faint}>
          {formatCount(row.eventsTotal)} since this console started
          {row.lastEventAt && (
            <>
              {" · last "}
              <RelativeTime at={row.lastEventAt} />
            </>
          )}
        </div>
      </div>
    </section>
  );
}
