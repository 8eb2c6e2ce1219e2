import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from "react";
import type { EventRow } from "../../shared/events/schema.ts";
import { useUiStore } from "../state/ui-store.ts";
import { useFixedRows } from "../ui/use-fixed-rows.ts";
import { EventLine } from "./event-line.tsx";
import classes from "./events.module.css";

interface EventKeyActions {
  rows: readonly EventRow[];
  activeIndex: number;
  page: number;
  onActive: (sequence: number | undefined) => void;
  onOpen: (row: EventRow) => void;
  onFollow: (row: EventRow) => void;
  onCopy: (row: EventRow) => void;
  onTogglePause: () => void;
}

const steps: Record<string, (at: number, actions: EventKeyActions) => number> = {
  ArrowDown: (at) => at + 1,
  j: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  k: (at) => at - 1,
  PageDown: (at, { page }) => at + page,
  PageUp: (at, { page }) => at - page,
  Home: () => 0,
  End: (_at, { rows }) => rows.length - 1,
};

/** What a key does in the list of events; gives the place to scroll to where the cursor moved. */
function handleEventKey(event: KeyboardEvent, actions: EventKeyActions): number | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "c" && !window.getSelection()?.toString())
      act(event, actions, actions.onCopy);
    return undefined;
  }
  const step = steps[event.key];
  if (step && actions.rows.length > 0) {
    const to = Math.min(Math.max(step(actions.activeIndex, actions), 0), actions.rows.length - 1);
    actions.onActive(actions.rows[to]?.sequence);
    event.preventDefault();
    return to;
  }
  if (event.key === " ") {
    event.preventDefault();
    actions.onTogglePause();
  } else if (event.key === "Enter") act(event, actions, actions.onOpen);
  else if (event.key === "f") act(event, actions, actions.onFollow);
  return undefined;
}

function act(event: KeyboardEvent, actions: EventKeyActions, run: (row: EventRow) => void): void {
  const row = actions.rows[actions.activeIndex];
  if (!row) return;
  event.preventDefault();
  event.stopPropagation();
  run(row);
}

export interface EventListHandle {
  focus: () => void;
  toTop: () => void;
}

interface EventListProps {
  rows: readonly EventRow[];
  active: number | undefined;
  openSequence: number | undefined;
  onActive: (sequence: number | undefined) => void;
  onOpen: (row: EventRow) => void;
  onFollow: (row: EventRow) => void;
  onCopy: (row: EventRow) => void;
  onTogglePause: () => void;
  /** The pointer is inside, the list has the focus with a row under the cursor, or it is scrolled down. */
  onHold: (source: "pointer" | "scroll", held: boolean) => void;
  onNearEnd: () => void;
  stale: boolean;
  /** What stands below the last row, or in place of rows. */
  foot: ReactNode;
  ref?: Ref<EventListHandle>;
}

/** The stream, newest on top; only what can be seen is drawn. */
export function EventList(props: EventListProps) {
  const { rows, active, openSequence, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const rowHeight = useUiStore((state) => (state.density === "comfortable" ? 36 : 26));
  const { rows: items, virtualizer } = useFixedRows({
    scroller,
    count: rows.length,
    rowHeight,
    overscan: 4,
    headHeight: 28,
  });
  const last = Math.max(0, ...items.map(({ index }) => index));
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 40) onNearEnd();
  }, [last, rows.length, onNearEnd]);
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    toTop: () => scroller.current?.scrollTo({ top: 0 }),
  }));
  const activeIndex = active === undefined ? -1 : rows.findIndex((row) => row.sequence === active);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const to = handleEventKey(event, { ...props, activeIndex, page });
    if (to !== undefined) virtualizer.scrollToIndex(to, { align: "auto" });
  };
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Events"
      aria-rowcount={rows.length + 1}
      aria-colcount={5}
      aria-activedescendant={
        items.some(({ index }) => index === activeIndex) ? `${id}-${activeIndex}` : undefined
      }
      tabIndex={0}
      className={classes.list}
      data-stale={props.stale || undefined}
      onKeyDown={onKeyDown}
      onPointerEnter={() => props.onHold("pointer", true)}
      onPointerLeave={() => props.onHold("pointer", false)}
      onScroll={(event) => props.onHold("scroll", event.currentTarget.scrollTop > rowHeight)}
    >
      <Head />
      <div role="rowgroup" className={classes.lines} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ slot, index, top }) => {
          const row = rows[index];
          return row ? (
            // Not by event: at a thousand events a second every line is new, and new text costs a fifth of new elements.
            <EventLine
              key={slot}
              id={`${id}-${index}`}
              row={row}
              index={index}
              top={top}
              active={index === activeIndex}
              open={row.sequence === openSequence}
              onOpen={props.onOpen}
              onActive={props.onActive}
            />
          ) : null;
        })}
      </div>
      <div role="rowgroup">
        <div role="row" aria-rowindex={rows.length + 2}>
          <div role="gridcell">{props.foot}</div>
        </div>
      </div>
    </div>
  );
}

function Head() {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headLine}>
        <span role="columnheader">Time</span>
        <span role="columnheader">
          <span className="visually-hidden">Severity</span>
        </span>
        <span role="columnheader">Type</span>
        <span role="columnheader">Entity</span>
        <span role="columnheader">Summary</span>
      </div>
    </div>
  );
}
