import { Button } from "@mantine/core";
import { memo, useMemo } from "react";
import { Link } from "react-router";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { useCommand } from "../client/query.ts";
import { useCalmTopic } from "../client/use-topic.ts";
import { useNow } from "../state/clock.ts";
import { pathTo } from "../state/paths.ts";
import type { LatticeSelection } from "../state/selection.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { type Concern, concernsOf } from "./attention.ts";
import classes from "./overview.module.css";

const shownAtOnce = 12;
const lookAgainMs = 10_000;

/** What needs attention; one quiet line when nothing does. */
export function AttentionPanel({ selection, row }: { selection: LatticeSelection; row: LatticeRow }) {
  const concerns = useConcerns(selection, row);
  return (
    <section className={classes.panel} aria-labelledby="attention">
      <h2 id="attention" className={classes.panelTitle}>
        Needs attention
        {concerns.length > 0 && <span className={classes.faint}>{concerns.length}</span>}
      </h2>
      {concerns.length === 0 && <AllWell row={row} />}
      <ul className={classes.list}>
        {concerns.slice(0, shownAtOnce).map((concern) => (
          <ConcernLine key={concern.key} concern={concern} to={pathTo(concern.page, selection)} />
        ))}
      </ul>
      {concerns.length > shownAtOnce && (
        <div className={classes.more}>
          and {concerns.length - shownAtOnce} more; the lists of hosts, providers and activity show all
        </div>
      )}
    </section>
  );
}

function useConcerns(selection: LatticeSelection, lattice: LatticeRow): Concern[] {
  const { connectionId } = selection;
  const scope = { connectionId, lattice: selection.lattice };
  const hosts = useCalmTopic("lattice.hosts", scope).rows;
  const providers = useCalmTopic("lattice.providers", scope).rows;
  const activities = useCalmTopic("activity").rows;
  const events = useCalmTopic("events", scope).rows;
  const now = Math.floor(useNow() / lookAgainMs) * lookAgainMs;
  return useMemo(
    () => concernsOf({ connectionId, lattice, hosts, providers, activities, events, now }),
    [connectionId, lattice, hosts, providers, activities, events, now],
  );
}

function AllWell({ row }: { row: LatticeRow }) {
  if (row.phase !== "live") return <div className={classes.quiet}>Nothing known yet</div>;
  return (
    <div className={classes.quiet}>
      <StateGlyph shape="check" tone="good" size={14} />
      No problems: every host answers, no provider is unhealthy, no activity has an unknown outcome.
    </div>
  );
}

interface ConcernLineProps {
  concern: Concern;
  /** The page where it is shown. */
  to: string;
}

/** Drawn anew only when it says something else: all concerns are made anew whenever one of them may have changed. */
const ConcernLine = memo(function ConcernLine({ concern, to }: ConcernLineProps) {
  const reconcile = useCommand("activity.reconcile");
  const { state, title, detail, at, open } = concern;
  const query = open === undefined ? "" : `?open=${encodeURIComponent(open)}`;
  return (
    <li className={classes.concern}>
      <StatusBadge state={state} filled />
      <div className={classes.concernText}>
        <Link className={classes.concernTitle ?? ""} to={to + query}>
          {title}
        </Link>
        <span className={classes.faint}>{reconcile.failure?.message ?? detail}</span>
      </div>
      <div className={classes.side}>
        {at && <RelativeTime at={at} />}
        {concern.reconcile && (
          <Button
            variant="default"
            size="compact-xs"
            loading={reconcile.pending}
            aria-label={`Reconcile ${title}`}
            onClick={() => void reconcile.run({ activityId: concern.reconcile ?? "" }).catch(() => undefined)}
          >
            Reconcile
          </Button>
        )}
      </div>
    </li>
  );
}, saysTheSame);

function saysTheSame(before: ConcernLineProps, after: ConcernLineProps): boolean {
  const fields = Object.keys({ ...before.concern, ...after.concern }) as (keyof Concern)[];
  return before.to === after.to && fields.every((field) => before.concern[field] === after.concern[field]);
}
