import { useState } from "react";
import type { JobRow } from "../../shared/forge/job-schema.ts";
import { ActionButtons, BulkActions } from "../command/action-buttons.tsx";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Page } from "../ui/page.tsx";
import { jobActions } from "./job-actions.tsx";
import { jobColumns } from "./job-columns.tsx";
import { JobDrawer } from "./job-drawer.tsx";
import { JobFilters } from "./job-filters.tsx";
import { JobPager } from "./job-pager.tsx";
import { MatchingMenu } from "./matching-menu.tsx";
import { OlderServer } from "./older-server.tsx";
import { enqueueJob } from "./sweep-actions.tsx";
import { SweepMenu } from "./sweep-menu.tsx";
import { useJobSearch, useJobs } from "./use-jobs.ts";
import { useHas } from "./use-level.ts";

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
