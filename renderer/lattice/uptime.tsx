import type { PointerEvent } from "react";
import { useNow } from "../state/clock.ts";
import { showExactTime } from "../ui/data-table/cells.tsx";
import { formatDuration } from "../ui/format.ts";

/** How long ago something started, as a duration; the exact time on hover. */
export function Uptime({ startedAt }: { startedAt: string }) {
  const now = useNow();
  const minute = 60_000;
  const passed = Math.max(0, now - Date.parse(startedAt));
  return (
    <time dateTime={startedAt} onPointerEnter={showSince}>
      {formatDuration(passed < minute ? passed - (passed % 1_000) : passed)}
    </time>
  );
}

function showSince(event: PointerEvent<HTMLTimeElement>): void {
  showExactTime(event, "since ");
}
