import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { EventRow } from "../../shared/events/schema.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { parametersNow } from "../state/parameters-now.ts";
import { useRateHistory } from "../state/rate-history.ts";
import { useSelection } from "../state/selection.ts";
import { useTextInAddress } from "../ui/data-table/use-table-address.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { formatCount } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { TimeChart } from "../ui/time-chart.tsx";
import { copyEvent, sequenceAfter } from "./event-actions.ts";
import { EventDrawer } from "./event-drawer.tsx";
import type { EventFollower, FollowerState } from "./event-follower.ts";
import { EventList, type EventListHandle } from "./event-list.tsx";
import { EventToolbar } from "./event-toolbar.tsx";
import classes from "./events.module.css";
import { followEntity } from "./follow-entity.ts";
import { eventFields, useEventFollower } from "./use-event-follower.ts";

/** The event log of the selected lattice, live: pausing and scrolling lose nothing, because the list reads the log. */
export function EventsPage() {
  const { connectionId, lattice } = useSelection();
  const [filter, setFilter] = useFilter();
  const { follower, state, problems, phase } = useEventFollower({
    connectionId,
    lattice,
    filter: filter.settled,
  });
  const rows = state.window?.rows ?? noRows;
  const list = useRef<EventListHandle>(null);
  const pause = usePause(follower, () => list.current?.toTop());
  const cursor = useEventCursor(rows);
  const counts = useTopicRow("lattice.lattices", { connectionId }, lattice);
  const follow = (row: EventRow) => setFilter(followEntity(filter.text, row));
  const jump = async (time: number) => {
    const sequence = await sequenceAfter({ connectionId, lattice }, time);
    if (sequence === undefined) return;
    pause.pause();
    await follower.open(sequence);
    list.current?.toTop();
  };
  return (
    <Page
      title="Events"
      counts={counts && `${formatCount(counts.eventsTotal)} since this console started following it`}
      drawer={
        cursor.open !== undefined && (
          <EventDrawer sequence={cursor.open} onClose={cursor.close} onStep={cursor.step} onFollow={follow} />
        )
      }
    >
      <EventRate connectionId={connectionId} lattice={lattice} rate={counts?.eventsPerSecond ?? 0} />
      <EventToolbar
        field={
          <FilterField
            what="events"
            value={filter.text}
            onChange={setFilter}
            problems={problems}
            fields={eventFields}
            placeholder="Filter…  type:component_scaled severity:bad host:~river   /"
            onLeave={() => list.current?.focus()}
          />
        }
        shown={rows.length}
        state={state}
        paused={pause.paused}
        onTogglePause={pause.toggle}
        onJump={jump}
        scope={{ connectionId, lattice }}
        filter={filter.settled}
        odd={counts && { malformed: counts.malformedEvents, unknown: counts.unknownEvents }}
        onFilter={setFilter}
      />
      <EventList
        ref={list}
        rows={rows}
        active={cursor.active}
        openSequence={cursor.open}
        onActive={cursor.setActive}
        onOpen={cursor.openRow}
        onFollow={follow}
        onCopy={(row) => void copyEvent(row)}
        onTogglePause={pause.toggle}
        onHold={pause.hold}
        onNearEnd={follower.readOlderSoon}
        stale={phase === "stale"}
        foot={<Foot state={state} filtered={filter.settled !== ""} onRetry={() => void follower.open()} />}
      />
    </Page>
  );
}

const noRows: readonly EventRow[] = [];

function useFilter() {
  const [parameters, setParameters] = useSearchParams();
  const settled = parameters.get("filter") ?? "";
  const [text, setText] = useTextInAddress(settled, (next) =>
    setParameters(
      () => {
        const changed = parametersNow();
        if (next === "") changed.delete("filter");
        else changed.set("filter", next);
        return changed;
      },
      { replace: true },
    ),
  );
  return [{ text, settled }, setText] as const;
}

function Foot({
  state,
  filtered,
  onRetry,
}: {
  state: FollowerState;
  filtered: boolean;
  onRetry: () => void;
}) {
  const { window, failure, phase } = state;
  if (failure) {
    return (
      <div className={classes.foot}>
        <FailureNotice what="The event log could not be read" failure={failure} onRetry={onRetry} />
      </div>
    );
  }
  if (phase === "loading" || !window) return <LoadingSkeleton rows={10} height={12} />;
  if (window.rows.length === 0) {
    return filtered ? (
      <EmptyState title="No event matches the filter" text="New matching events appear here." />
    ) : (
      <EmptyState
        title="No event has been received yet"
        text="Hosts publish an event for each change and a heartbeat every 30 seconds; the first one appears here by itself."
      />
    );
  }
  return <div className={classes.foot}>{window.more ? "Reading older events…" : "The log begins here."}</div>;
}

/** Events per second over the last minute. */
function EventRate(props: { connectionId: string; lattice: string; rate: number }) {
  const values = useRateHistory(`${props.connectionId}/${props.lattice}`, props.rate);
  const times = useMemo(() => {
    const now = Math.floor(Date.now() / 1_000);
    return values.map((_value, at) => now - values.length + 1 + at);
  }, [values]);
  return (
    <div className={classes.rate}>
      <TimeChart label="Events per second" times={times} values={values} height={84} />
    </div>
  );
}

/** Holds the list while it is paused, scrolled down or under the pointer; going on goes back to the newest event. */
function usePause(follower: EventFollower, toTop: () => void) {
  const why = useRef({ paused: false, pointer: false, scroll: false });
  const [stands, setStands] = useState(false);
  const tell = useCallback(() => {
    const { paused, pointer, scroll } = why.current;
    follower.setHeld(paused || pointer || scroll);
    setStands(paused || scroll);
  }, [follower]);
  useEffect(tell, [tell]);
  const latestToTop = useRef(toTop);
  latestToTop.current = toTop;
  // Told at once and not when it is drawn: an event in between would put another row under a pointer about to press.
  const change = (part: Partial<typeof why.current>) => {
    Object.assign(why.current, part);
    tell();
  };
  const resume = () => {
    // Said with the pointer or a key inside the list as well, so it also lets go of what held it there.
    change({ paused: false, pointer: false, scroll: false });
    latestToTop.current();
  };
  return {
    paused: stands,
    pause: () => change({ paused: true }),
    toggle: () => (stands ? resume() : change({ paused: true })),
    hold: (source: "pointer" | "scroll", now: boolean) => {
      if (why.current[source] !== now) change({ [source]: now });
    },
  };
}

/** The row under the cursor, and the one whose drawer is open; the latter is in the address. */
function useEventCursor(rows: readonly EventRow[]) {
  const [parameters, setParameters] = useSearchParams();
  const [active, setActive] = useState<number>();
  const text = parameters.get("open");
  const open = text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  const latestSet = useRef(setParameters);
  latestSet.current = setParameters;
  const setOpen = useCallback((sequence: number | undefined) => {
    latestSet.current(
      (now) => {
        const next = new URLSearchParams(now);
        if (sequence === undefined) next.delete("open");
        else next.set("open", String(sequence));
        return next;
      },
      { replace: true },
    );
  }, []);
  const openRow = useCallback((row: EventRow) => setOpen(row.sequence), [setOpen]);
  const step = (by: -1 | 1) => {
    const row = rows[rows.findIndex((one) => one.sequence === open) + by];
    if (!row) return;
    setActive(row.sequence);
    setOpen(row.sequence);
  };
  return { active, setActive, open, openRow, close: () => setOpen(undefined), step };
}
