import { useMemo } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { TopicState } from "./event-stream.ts";
import { queryClient } from "./query.ts";
import { refreshOf } from "./refresh.ts";
import { useTopicListener } from "./use-topic.ts";

/** Reads what is shown of a command's target again whenever more is known of the command, instead of at its next turn. */
export function useRefreshAfterCommands(): void {
  const listener = useMemo(() => {
    const changed = changedActivities();
    return ({ rows, phase }: TopicState<Activity>) => {
      if (phase === "live") for (const activity of changed(rows)) refreshTarget(activity);
    };
  }, []);
  useTopicListener("activity", {}, listener);
}

/** Of the activities given, those whose state is another than before; of the first ones none. */
export function changedActivities(): (rows: readonly Activity[]) => Activity[] {
  let states: ReadonlyMap<string, string> | undefined;
  return (rows) => {
    const before = states;
    states = new Map(rows.map(({ id, state }) => [id, state]));
    return before ? rows.filter(({ id, state }) => before.get(id) !== state) : [];
  };
}

/** Reads the shown answers about the target of a command again. */
export function refreshTarget({ connectionId, target }: Pick<Activity, "connectionId" | "target">): void {
  if (!target) return;
  void queryClient.invalidateQueries({
    type: "active",
    predicate: ({ queryKey: [name, input] }) => {
      // A preview of hundreds of hosts would otherwise be asked for anew at each step of each of its commands.
      if (refreshOf(String(name)) === "once") return false;
      const asked = (input ?? {}) as Record<string, unknown>;
      return asked.connectionId === connectionId && Object.values(asked).includes(target.id);
    },
  });
}
