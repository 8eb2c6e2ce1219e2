import type { JobRow } from "../../shared/forge/job-schema.ts";
import type { Action, ActionDialogProps } from "../command/action.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { CopyInputs } from "./copy-as-menu.tsx";
import { JobsCommandDialog } from "./jobs-command-dialog.tsx";

const isOver = (jobs: readonly JobRow[]) =>
  jobs.every(({ status }) => status === "failed" || status === "dead");
const notOver = "Only failed and dead jobs are run again.";

/** What can be done with a job, or with several. */
export const jobActions: readonly Action<JobRow>[] = [
  {
    id: "job-retry",
    operation: "forge.jobs.retry",
    verb: "Retry",
    synonyms: "again rerun",
    label: (jobs) => `Retry ${nameOf(jobs)}`,
    bulk: true,
    refusal: (jobs) => (jobs.length > 1 || isOver(jobs) ? undefined : notOver),
    Dialog: ({ things, ...rest }) => <JobsCommandDialog {...rest} action="retry" jobs={things} />,
  },
  {
    id: "job-requeue",
    operation: "forge.jobs.requeue",
    verb: "Requeue",
    label: (jobs) => `Requeue ${nameOf(jobs)}`,
    applies: isOver,
    Dialog: ({ things, ...rest }) => <JobsCommandDialog {...rest} action="requeue" jobs={things} />,
  },
  {
    id: "job-run-now",
    operation: "forge.jobs.run-now",
    verb: "Run now",
    label: (jobs) => `Run ${nameOf(jobs)} now`,
    applies: ([job]) => job?.status === "pending",
    Dialog: RunNowDialog,
  },
  {
    id: "job-delete",
    operation: "forge.jobs.delete",
    verb: "Delete",
    synonyms: "stop cancel remove",
    label: (jobs) => `Delete ${nameOf(jobs)}`,
    button: ([job]) => (job?.status === "in_progress" ? "Ask to stop…" : "Delete…"),
    bulk: true,
    destructive: true,
    Dialog: ({ things, ...rest }) => <JobsCommandDialog {...rest} action="delete" jobs={things} />,
  },
];

function nameOf(jobs: readonly JobRow[]): string {
  return jobs.length === 1 ? `${jobs[0]?.kind} ${jobs[0]?.id}` : formatQuantity(jobs.length, "job");
}

function RunNowDialog({ things: [job], returnTo, onClose }: ActionDialogProps<JobRow>) {
  const { connectionId, place } = useSystem("forge");
  if (!job) return null;
  const inputs = [{ connectionId, id: job.id }];
  const label = `Run ${job.kind} now`;
  return (
    <CommandDialog
      title="Run a job now"
      name="forge.jobs.run-now"
      place={place}
      inputs={inputs}
      itemLabel={({ id }) => `Job ${id}`}
      itemHeading="Job"
      actionLabel={label}
      size={620}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.jobs.run-now" inputs={inputs} />}
    >
      <p>It becomes due at once. A pause or a cool-down of {job.queueName} is not lifted by that.</p>
    </CommandDialog>
  );
}
