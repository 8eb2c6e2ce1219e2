import type { TablePhase } from "./table-states.tsx";

interface Answer {
  data: unknown;
  error: unknown;
  /** The rows answer a former question. */
  isPlaceholderData: boolean;
}

/** An answer that is read again and again, as a table shows it; rows of a former question are still being read. */
export function queryPhase(answer: Answer, isOpen = true): TablePhase {
  if (answer.data === undefined) return answer.error ? "failed" : "loading";
  if (answer.error || !isOpen) return "stale";
  return answer.isPlaceholderData ? "loading" : "ready";
}
