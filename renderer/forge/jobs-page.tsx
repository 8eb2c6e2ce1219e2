import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { JobRow } from "../../shared/forge/job-schema.ts";
import { useOperation } from "../client/query.ts";
import type { Action } from "../command/action.ts";
import { ActionButtons, BulkActions } from "../command/action-buttons.tsx";
import { useBegin } from "../command/use-actions.ts";
import { parametersNow } from "../state/parameters-now.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { Page } from "../ui/page.tsx";
import { jobActions } from "./job-actions.tsx";
import { jobColumns } from "./job-columns.tsx";
import { JobDrawer } from "./job-drawer.tsx";
import { JobFilters } from "./job-filters.tsx";
import { JobPager } from "./job-pager.tsx";
import { filterOf, type JobSearch, pageSize, readJobSearch, writeJobSearch } from "./job-search.ts";
import { MatchingMenu } from "./matching-menu.tsx";
import { OlderServer } from "./older-server.tsx";
import { enqueueDemo, enqueueJob, type NamedQueue, sweepActions } from "./sweep-actions.tsx";
import { useHas } from "./use-level.ts";

const none: readonly JobRow[] = [];

/** The search that the address holds, and how to change it. */
function useJobSearch() {
  const [parameters, setParameters] = useSearchParams();
  const search = useMemo(() => readJobSearch(parameters), [parameters]);
  const change = (part: Partial<JobSearch>) =>
    setParameters(() => writeJobSearch(parametersNow(), part), { replace: true });
  return { search, change };
}

/** One page of the jobs that the search finds; it is read again every few seconds. */
function useJobs(search: JobSearch) {
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

const pageActions = [enqueueJob];

/** The jobs of the selected server, if it is new enough to tell them. */
export function JobsPage() {
  if (useHas("0.2.0") !== false) return <JobsOfServer />;
  return (
    <Page title="Jobs">
      <OlderServer
        title="Jobs are not available on this server version"
        since="0.2.0"
        instead="How many there are of each status is on the page of the queues."
      />
    </Page>
  );
}

/** The jobs of the selected server: searched there, a page at a time, however many there are. */
function JobsOfServer() {
  const { connectionId, isOpen } = useSystem("forge");
  const { search, change } = useJobSearch();
  const jobs = useJobs(search);
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const queue = search.queue === undefined ? [] : [{ name: search.queue }];
  return (
    <Page
      title="Jobs"
      counts={<JobPager search={search} count={jobs.rows.length} more={jobs.more} onChange={change} />}
      notices={<JobFilters search={search} onChange={change} />}
      actions={
        <>
          <MatchingMenu search={search} />
          <SweepMenu queue={search.queue} />
          <ActionButtons group="Jobs" actions={pageActions} things={queue} disabled={!isOpen} />
        </>
      }
      drawer={
        openKey && (
          <JobDrawer key={openKey} id={openKey} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="jobs"
        rows={jobs.rows}
        rowKey={idOf}
        columns={jobColumns}
        initialSort={search.view === "scheduled" ? soonestFirst : newestFirst}
        phase={jobs.phase}
        failure={jobs.failure}
        onRetry={jobs.refetch}
        empty={{ title: "No matching jobs", text: "No job on the server matches this search." }}
        onOpen={(row) => setOpenKey(row.id)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
        selectable
        bulkActions={(rows) => <BulkActions actions={jobActions} things={rows} />}
      />
    </Page>
  );
}

const newestFirst = { column: "enqueued", descending: true };
const soonestFirst = { column: "due", descending: false };

function idOf(row: JobRow): string {
  return row.id;
}

/** Commands to the whole server, beginning with the queue that is looked at. */
function SweepMenu({ queue }: { queue: string | undefined }) {
  const { isOpen } = useSystem("forge");
  const begin = useBegin();
  const target = useRef<HTMLButtonElement>(null);
  const things = queue === undefined ? [] : [{ name: queue }];
  const item = (action: Action<NamedQueue>) => (
    <Menu.Item key={action.id} onClick={() => begin(action, things, { returnTo: target })}>
      {action.button?.(things)}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          ref={target}
          variant="default"
          disabled={!isOpen}
          rightSection={<IconChevronDown size={14} />}
        >
          Whole server
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The server finds the jobs itself</Menu.Label>
        {sweepActions.map(item)}
        <Menu.Divider />
        {item(enqueueDemo)}
      </Menu.Dropdown>
    </Menu>
  );
}
