import type { RefObject } from "react";
import { useMemo } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { type BulkAction, type BulkJob, type BulkPlan, planBulk } from "./job-bulk.ts";
import { jobLook } from "./job-look.ts";

interface JobsCommandDialogProps {
  action: BulkAction;
  jobs: readonly BulkJob[];
  /** There are more that fit than were read. */
  incomplete?: boolean;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

const verbs: Readonly<Record<BulkAction, string>> = { retry: "Retry", requeue: "Requeue", delete: "Delete" };

/** Retries, requeues or deletes jobs: what is affected and what is left out, the first alone, then the others in batches. */
export function JobsCommandDialog({ action, jobs, incomplete, returnTo, onClose }: JobsCommandDialogProps) {
  const { connectionId, place } = useSystem("forge");
  const plan = useMemo(() => planBulk(action, jobs), [action, jobs]);
  const inputs = useMemo(
    () => plan.batches.map((ids) => ({ connectionId, ids: [...ids] })),
    [plan, connectionId],
  );
  const label = `${verbs[action]} ${formatQuantity(plan.count, "job")}`;
  return (
    <CommandDialog
      title={label}
      name={`forge.jobs.${action}`}
      place={place}
      inputs={inputs}
      firstAlone={inputs.length > 1}
      itemLabel={({ ids }) => (ids.length === 1 ? `Job ${ids[0]}` : `${ids.length} jobs from ${ids[0]}`)}
      itemHeading="Jobs"
      actionLabel={
        inputs.length > 1 ? `${verbs[action]} the first of ${formatCount(plan.count)} jobs` : label
      }
      destructive={action === "delete"}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name={`forge.jobs.${action}`} inputs={inputs} />}
    >
      <div className={classes.stack}>
        <Affected plan={plan} action={action} />
        {incomplete && (
          <Notice slim tone="warn" shape="bang" title="There are more than these">
            So many fit that only {formatCount(jobs.length)} were read. Do it again afterwards for the others.
          </Notice>
        )}
        {inputs.length > 1 && (
          <p className={classes.hint}>
            The first job goes alone. When you have seen what became of it, the others follow in batches of a
            hundred, each with its receipt; you can stop between them.
          </p>
        )}
      </div>
    </CommandDialog>
  );
}

function Affected({ plan, action }: { plan: BulkPlan; action: BulkAction }) {
  const skipped = wordsOf(plan.skipped);
  const running = plan.byStatus.in_progress ?? 0;
  return (
    <>
      <p>{plan.count === 0 ? "None of these jobs is affected." : `Affected: ${wordsOf(plan.byStatus)}.`}</p>
      {skipped !== "" && (
        <Notice slim tone="warn" shape="forbidden" title={`Left out: ${skipped}`}>
          Only failed and dead jobs are retried: running ones would run twice, done ones again.
        </Notice>
      )}
      {action !== "delete" && (plan.byStatus.dead ?? 0) > 0 && (
        <Notice slim tone="warn" shape="bang" title="A retry does not give a dead job new attempts">
          It runs once more, and is dead again after its first failure.
        </Notice>
      )}
      {action === "delete" && running > 0 && (
        <Notice slim tone="warn" shape="bang" title={`${formatQuantity(running, "job")} running`}>
          They are only asked to stop, and stay as dead jobs, or end well first.
        </Notice>
      )}
    </>
  );
}

function wordsOf(counts: BulkPlan["byStatus"]): string {
  return Object.entries(counts)
    .map(
      ([status, count]) => `${formatCount(count)} ${jobLook({ status: status as BulkJob["status"] }).word}`,
    )
    .join(", ");
}
