import type { TablePhase } from "../ui/data-table/table-states.tsx";

/** An answer that is read again and again, as a table shows it. */
export function queryPhase(answer: { data: unknown; error: unknown }, isOpen: boolean): TablePhase {
  if (answer.data === undefined) return answer.error ? "failed" : "loading";
  return answer.error || !isOpen ? "stale" : "ready";
}
