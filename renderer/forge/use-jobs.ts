import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { JobRow } from "../../shared/forge/job-schema.ts";
import { useOperation } from "../client/query.ts";
import { parametersNow } from "../state/parameters-now.ts";
import { useSystem } from "../state/selection.ts";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { filterOf, type JobSearch, pageSize, readJobSearch, writeJobSearch } from "./job-search.ts";

const none: readonly JobRow[] = [];

/** The search that the address holds, and how to change it. */
export function useJobSearch() {
  const [parameters, setParameters] = useSearchParams();
  const search = useMemo(() => readJobSearch(parameters), [parameters]);
  const change = (part: Partial<JobSearch>) =>
    setParameters(() => writeJobSearch(parametersNow(), part), { replace: true });
  return { search, change };
}

/** One page of the jobs that the search finds; it is read again every few seconds. */
export function useJobs(search: JobSearch) {
  const { connectionId, isOpen } = useSystem("forge");
  const isScheduled = search.view === "scheduled";
  // Reading payloads, kinds or times makes the server read every job: that is not done again and again.
  const isDeep =
    search.text !== undefined ||
    search.kind !== undefined ||
    search.from !== undefined ||
    search.to !== undefined;
  const options = { keepPrevious: true, once: isDeep };
  const listed = useOperation(
    "forge.jobs.list",
    { connectionId, filter: filterOf(search), limit: pageSize, offset: search.offset },
    { ...options, enabled: isOpen && !isScheduled },
  );
  const scheduled = useOperation(
    "forge.jobs.scheduled",
    { connectionId, ...(search.queue !== undefined && { queueName: search.queue }) },
    { ...options, enabled: isOpen && isScheduled },
  );
  const answer = isScheduled ? scheduled : listed;
  const rows = (isScheduled ? scheduled.data : listed.data?.rows) ?? none;
  return {
    rows,
    more: !isScheduled && listed.data?.more === true,
    phase: queryPhase(answer, isOpen),
    failure: answer.error?.toData(),
    refetch: () => void answer.refetch(),
  };
}
