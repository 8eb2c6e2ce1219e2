import type { TablePhase } from "../ui/data-table/table-states.tsx";

/** The phase of a table whose rows are an answer; rows that could not be read again stay, dimmed. */
export function phaseOf(query: { isPending: boolean; isError: boolean; data: unknown }): TablePhase {
  if (query.isPending) return "loading";
  if (!query.isError) return "ready";
  return query.data === undefined ? "failed" : "stale";
}
