import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { JobRow } from "../../shared/forge/job-schema.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { EnqueueDialog } from "./enqueue-dialog.tsx";
import type { BulkAction, BulkJob } from "./job-bulk.ts";
import { jobColumns } from "./job-columns.tsx";
import { JobDrawer } from "./job-drawer.tsx";
import { JobFilters } from "./job-filters.tsx";
import { JobPager } from "./job-pager.tsx";
import { JobsCommandDialog } from "./jobs-command-dialog.tsx";
import { MatchingMenu } from "./matching-menu.tsx";
import { OlderServer } from "./older-server.tsx";
import { SweepMenu } from "./sweep-menu.tsx";
import { useJobSearch, useJobs } from "./use-jobs.ts";
import { useHas } from "./use-level.ts";

interface Pending {
  action: BulkAction;
  jobs: readonly BulkJob[];
  incomplete?: boolean;
}

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
  const [pending, setPending] = useState<Pending>();
  const [enqueueing, setEnqueueing] = useState(false);
  const sweeps = useRef<HTMLButtonElement>(null);
  const matching = useRef<HTMLButtonElement>(null);
  useShortcuts([
    { id: "job-enqueue", label: "Enqueue a job", group: "Jobs", keys: "n", run: () => setEnqueueing(true) },
  ]);
  return (
    <Page
      title="Jobs"
      counts={<JobPager search={search} count={jobs.rows.length} more={jobs.more} onChange={change} />}
      notices={<JobFilters search={search} onChange={change} />}
      actions={
        <>
          <MatchingMenu ref={matching} search={search} onChosen={setPending} />
          <SweepMenu ref={sweeps} queue={search.queue} />
          <Button leftSection={<IconPlus size={14} />} disabled={!isOpen} onClick={() => setEnqueueing(true)}>
            Enqueue…
          </Button>
        </>
      }
      drawer={
        openKey && (
          <JobDrawer
            key={openKey}
            id={openKey}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
            onCommand={(action, job) => setPending({ action, jobs: [job] })}
          />
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
        bulkActions={(rows) => <SelectionActions rows={rows} onChosen={setPending} />}
      />
      {pending && (
        <JobsCommandDialog {...pending} returnTo={matching} onClose={() => setPending(undefined)} />
      )}
      {enqueueing && <EnqueueDialog queue={search.queue} onClose={() => setEnqueueing(false)} />}
    </Page>
  );
}

const newestFirst = { column: "enqueued", descending: true };
const soonestFirst = { column: "due", descending: false };

function idOf(row: JobRow): string {
  return row.id;
}

function SelectionActions(props: { rows: readonly JobRow[]; onChosen: (pending: Pending) => void }) {
  const { rows, onChosen } = props;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => onChosen({ action: "retry", jobs: rows })}>
        Retry {rows.length}…
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        color="red"
        onClick={() => onChosen({ action: "delete", jobs: rows })}
      >
        Delete {rows.length}…
      </Button>
    </>
  );
}
