import { useNavigate } from "react-router";
import { type FilterTerm, formatFilter } from "../../shared/contract/filter.ts";
import { useNewestEvents } from "../client/use-newest-events.ts";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";
import classes from "./lattice.module.css";

/** The filter text that finds the events of one field's exact value. */
export function eventsOf(fields: Readonly<Record<string, string>>): string {
  const terms = Object.entries(fields).map(
    ([field, value]): FilterTerm => ({ kind: "equals", field, values: [value], at: 0, negated: false }),
  );
  return formatFilter(terms);
}

/** The newest events that a filter finds, with the way to all of them. */
export function EntityEvents({ filter }: { filter: string }) {
  const { connectionId, lattice } = useSelection();
  const navigate = useNavigate();
  const { rows, failure, again } = useNewestEvents({ connectionId, lattice, filter, limit: 12 });
  const toAll = () =>
    navigate(`${pathTo("events", { connectionId, lattice })}?filter=${encodeURIComponent(filter)}`);
  return (
    <DrawerSection
      title="Events"
      actions={
        <button type="button" className={classes.link} onClick={toAll}>
          All in Events
        </button>
      }
    >
      {!rows && !failure && <LoadingSkeleton rows={3} />}
      {failure && (
        <FailureNotice slim what="The event log could not be searched" failure={failure} onRetry={again} />
      )}
      {rows?.length === 0 && <span className={classes.hint}>No events kept.</span>}
      <ul className={classes.events}>
        {rows?.map((event) => (
          <li key={event.sequence}>
            <SeverityGlyph severity={event.severity} />
            <span title={event.summary}>{event.summary}</span>
            <RelativeTime at={event.receivedAt} />
          </li>
        ))}
      </ul>
    </DrawerSection>
  );
}

function SeverityGlyph({ severity }: { severity: string }) {
  const look = lookOf(severity);
  return <StateGlyph shape={look.shape} tone={look.tone} label={look.word} />;
}
