import { IconCopy } from "@tabler/icons-react";
import type { PointerEvent } from "react";
import { useNow } from "../../state/clock.ts";
import { useUiStore } from "../../state/ui-store.ts";
import { copy } from "../clipboard.ts";
import { cutMiddle, formatAgo, formatInstant } from "../format.ts";
import classes from "./cells.module.css";

/** How long ago, for a cell: the exact time as a plain title, because hundreds of cells come and go in a scroll. */
export function TimeCell({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} onPointerEnter={showTime}>
      {formatAgo(Math.max(0, now - Date.parse(at)))}
    </time>
  );
}

function showTime(event: PointerEvent<HTMLTimeElement>): void {
  showExactTime(event);
}

/** Says a cell's exact time as its title, put together only for the one under the pointer. */
export function showExactTime({ currentTarget }: PointerEvent<HTMLTimeElement>, before = ""): void {
  const exact = formatInstant(Date.parse(currentTarget.dateTime), useUiStore.getState().utc);
  currentTarget.title = `${before}${exact}`;
}

/** An id cut in the middle, for a cell: whole in the title, copied by its glyph, which is no stop of the Tab key in each row. */
export function IdCell({ id, keep }: { id: string; keep?: number }) {
  return (
    <span title={id}>
      {cutMiddle(id, keep)}
      <button
        type="button"
        tabIndex={-1}
        className={classes.copy}
        aria-label={`Copy ${cutMiddle(id, keep)}`}
        title="Copy the whole id"
        onClick={(event) => {
          event.stopPropagation();
          void copy(() => ({ line: id }));
        }}
      >
        <IconCopy size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
