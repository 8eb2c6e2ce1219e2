import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import type { TopicPhase } from "../client/event-stream.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";

/** The daemons of the selected listener, live, with the phase as a table shows it. */
export function useDaemons() {
  const { connectionId, isOpen } = useSystem("flux");
  const topic = useTopic("flux.daemons", { connectionId });
  const live = tablePhase(topic.phase);
  const phase = live === "ready" && !isOpen && topic.rows.length > 0 ? "stale" : live;
  return { rows: topic.rows, phase, failure: topic.failure, isOpen };
}

/** The phase of a topic as a table shows it. */
export function tablePhase(phase: TopicPhase): TablePhase {
  return phase === "live" ? "ready" : phase;
}

/** One daemon, live. */
export function useDaemon(daemonId: string | undefined): FluxDaemonRow | undefined {
  const { connectionId } = useSystem("flux");
  return useTopicRow("flux.daemons", { connectionId }, daemonId);
}
