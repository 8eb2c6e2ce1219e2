import { Tooltip } from "@mantine/core";
import { useNow } from "../state/clock.ts";
import { useUiStore } from "../state/ui-store.ts";
import { formatAgo, formatInstant, isTime } from "./format.ts";

/** How long ago something was, or with `future` how soon it will be; the exact time on hover and for screen readers. */
export function RelativeTime({ at, future = false }: { at: string | number; future?: boolean }) {
  const now = useNow();
  const exact = useExactTime(at);
  const time = typeof at === "number" ? at : Date.parse(at);
  return (
    <Tooltip label={exact}>
      <time dateTime={machineText(time)}>{formatAgo(future ? now - time : Math.max(0, now - time))}</time>
    </Tooltip>
  );
}

function machineText(time: number): string | undefined {
  return isTime(time) ? new Date(time).toISOString() : undefined;
}

/** The exact time as text, in the zone that the person chose. */
function useExactTime(at: string | number): string {
  const utc = useUiStore((state) => state.utc);
  return formatInstant(typeof at === "number" ? at : Date.parse(at), utc);
}

/** The exact time, in the zone that the person chose. */
export function ExactTime({ at }: { at: string | number }) {
  const time = typeof at === "number" ? at : Date.parse(at);
  return <time dateTime={machineText(time)}>{useExactTime(at)}</time>;
}
