import { useMemo } from "react";
import type { FluxEvent } from "../../shared/flux/schema.ts";
import { call } from "../client/call.ts";
import { useLoggedPages } from "../client/use-logged-pages.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";

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

/** What the daemons told, newest first: pages of what is kept, with what has come since from the live topic. */
export function useEvents() {
  const { connectionId } = useSystem("flux");
  const topic = useTopic("flux.events", { connectionId });
  const { logged, ...log } = useLoggedPages({
    queryKey: ["flux.events.list", "pages", connectionId],
    read: (before: number | undefined, limit) => call("flux.events.list", { connectionId, before, limit }),
    cursorOf: ({ sequence }: FluxEvent) => sequence,
    isOutrun: (read) => isOutrunByEvents(read, topic.rows),
  });
  const rows = useMemo(() => mergeEvents(logged, topic.rows), [logged, topic.rows]);
  return { rows, topic, ...log };
}
