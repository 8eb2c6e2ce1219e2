import { useMemo } from "react";
import type { FluxEvent } from "../../shared/flux/schema.ts";
import { call } from "../client/call.ts";
import { useLoggedPages } from "../client/use-logged-pages.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import { isOutrunByEvents, mergeEvents } from "./merge-events.ts";

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
