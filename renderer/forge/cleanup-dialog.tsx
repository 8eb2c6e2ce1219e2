import type { RefObject } from "react";
import type { CleanupPreview } from "../../shared/forge/queue-operations.ts";
import { useOperation } from "../client/query.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatCount } from "../ui/format.ts";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";

type Part = CleanupPreview["queues"][number]["done"];

/** Runs the retention sweep now, after showing what it would remove. */
export function CleanupDialog({
  returnTo,
  onClose,
}: {
  returnTo: RefObject<HTMLElement | null>;
  onClose: () => void;
}) {
  const { connectionId, place } = useSystem("forge");
  const { data, error, refetch } = useOperation("forge.cleanup.preview", { connectionId });
  const total = data?.queues.reduce((sum, { done, dead }) => sum + done.rows + dead.rows, 0) ?? 0;
  const exact = data?.queues.every(({ done, dead }) => done.exact && dead.exact) ?? true;
  const inputs = data && [{ connectionId }];
  return (
    <CommandDialog
      title="Clean up old jobs"
      name="forge.cleanup"
      place={place}
      inputs={inputs}
      itemLabel={() => "all queues"}
      itemHeading="Queues"
      actionLabel={`Remove ${exact ? "" : "up to "}${formatCount(total)} old jobs`}
      destructive
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what="Clean up old jobs" name="forge.cleanup" inputs={inputs} />}
    >
      <div className={classes.stack}>
        {error && <FailureNotice failure={error.toData()} onRetry={() => void refetch()} />}
        {!data && !error && <LoadingSkeleton rows={4} />}
        {data && <Preview preview={data} />}
        {data?.warnings.map((warning) => (
          <p key={warning} className={classes.hint}>
            {warning}
          </p>
        ))}
      </div>
    </CommandDialog>
  );
}

function Preview({ preview }: { preview: CleanupPreview }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Queue</th>
          <th data-align="end">Done, removed</th>
          <th>completed before</th>
          <th data-align="end">Dead, removed</th>
          <th>completed before</th>
        </tr>
      </thead>
      <tbody>
        {preview.queues.map(({ name, done, dead }) => (
          <tr key={name}>
            <td>{name}</td>
            <Rows part={done} />
            <Rows part={dead} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rows({ part }: { part: Part }) {
  return (
    <>
      <td data-align="end">
        {part.exact ? "" : "at most "}
        {formatCount(part.rows)}
      </td>
      <td>
        <ExactTime at={part.before} />
      </td>
    </>
  );
}
