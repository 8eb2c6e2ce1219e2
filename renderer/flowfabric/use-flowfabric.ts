import { useTopic } from "../client/use-topic.ts";
import { placeOf } from "../state/place.ts";
import { useSystemSelection } from "../state/selection.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";

/** The selected FlowFabric server: its connection, and the place that confirm steps show. */
export function useFlowfabric() {
  const { connectionId, profile, status } = useSystemSelection("flowfabric");
  return {
    connectionId,
    profile,
    status,
    isOpen: status?.state === "open",
    /** The connection has no server's address: only what Valkey tells is known. */
    isDirectOnly: profile !== undefined && profile.target.url === undefined,
    place: placeOf(profile),
  };
}

/** The rotations of the selected server, live, newest first. */
export function useRotations() {
  const { connectionId } = useFlowfabric();
  const topic = useTopic("flowfabric.rotations", { connectionId });
  const rows = [...topic.rows].sort((left, right) => (left.id < right.id ? 1 : -1));
  return { rows, phase: topic.phase, failure: topic.failure };
}

interface Answer {
  data: unknown;
  error: unknown;
  /** The rows answer a former question. */
  isPlaceholderData: boolean;
}

/** An answer that is read again and again, as a table shows it; rows of a former question are still being read. */
export function queryPhase(answer: Answer, isOpen: boolean): TablePhase {
  if (answer.data === undefined) return answer.error ? "failed" : "loading";
  if (answer.error || !isOpen) return "stale";
  return answer.isPlaceholderData ? "loading" : "ready";
}
