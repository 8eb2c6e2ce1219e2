import type { FluxEvent } from "../../shared/flux/schema.ts";

/** The live topic holds 500. */
const mostSinceReading = 400;

/** Both as one list without doubles, newest first. */
export function mergeEvents(logged: readonly FluxEvent[], live: readonly FluxEvent[]): readonly FluxEvent[] {
  const bySequence = new Map([...logged, ...live].map((event) => [event.sequence, event]));
  return [...bySequence.values()].sort((left, right) => right.sequence - left.sequence);
}

/** Whether so much has come since the log was read that the live topic may soon drop what no page holds. */
export function isOutrunByEvents(logged: readonly FluxEvent[], live: readonly FluxEvent[]): boolean {
  const newest = logged[0]?.sequence ?? 0;
  return live.filter(({ sequence }) => sequence > newest).length >= mostSinceReading;
}
