import { useNow } from "../state/clock.ts";
import { formatDuration } from "../ui/format.ts";
import { useExactTime } from "../ui/relative-time.tsx";

/** How long ago something started, as a duration; the exact time on hover. */
export function Uptime({ startedAt }: { startedAt: string }) {
  const now = useNow();
  const exact = useExactTime(startedAt);
  const minute = 60_000;
  const passed = Math.max(0, now - Date.parse(startedAt));
  return (
    <span title={`since ${exact}`}>
      {formatDuration(passed < minute ? passed - (passed % 1_000) : passed)}
    </span>
  );
}
