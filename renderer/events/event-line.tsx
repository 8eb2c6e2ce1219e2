import { memo } from "react";
import type { EventRow } from "../../shared/events/schema.ts";
import { useUiStore } from "../state/ui-store.ts";
import { cutMiddle, formatInstant } from "../ui/format.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { eventLook } from "./event-look.ts";
import classes from "./events.module.css";

interface EventLineProps {
  id: string;
  row: EventRow;
  index: number;
  top: number;
  active: boolean;
  open: boolean;
  onOpen: (row: EventRow) => void;
  onActive: (sequence: number) => void;
}

/** One event on one line: time, severity, type, entity, summary. */
export const EventLine = memo(function EventLine(props: EventLineProps) {
  const { id, row, index, top, active, open } = props;
  const utc = useUiStore((state) => state.utc);
  const instant = formatInstant(Date.parse(row.receivedAt), utc);
  const look = eventLook(row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list's own keys do the same
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-current={open || undefined}
      className={classes.line}
      data-active={active || undefined}
      data-open={open || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        props.onActive(row.sequence);
        props.onOpen(row);
      }}
    >
      <span role="gridcell" className="mono" title={instant}>
        {instant.slice(11, 23)}
      </span>
      <span role="gridcell" className={classes.glyph}>
        <StateGlyph shape={look.shape} tone={look.tone} label={look.word} />
      </span>
      <span role="gridcell" className="mono">
        {row.type}
      </span>
      <span role="gridcell" className="mono" title={row.entityId}>
        {row.entityKind === "host" ? (row.sourceName ?? cutMiddle(row.entityId)) : row.entityId}
      </span>
      <span role="gridcell" title={row.summary}>
        {row.summary}
      </span>
    </div>
  );
});
