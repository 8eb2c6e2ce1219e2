import { Select } from "@mantine/core";
import { useState } from "react";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { ByQueue, Counted, QueueChoice, type SweepProps, useStatusCount } from "./sweep-parts.tsx";

/** Running ones would be removed under their handlers, without being stopped (forge-jobs §6.14). */
const choices = [
  { value: "done", label: "Done" },
  { value: "dead", label: "Dead" },
  { value: "failed", label: "Failed, wait for their retry" },
  { value: "pending", label: "Pending: ready and scheduled" },
] as const;
type Deleted = (typeof choices)[number]["value"];

/** Lets the server delete every job of a status, of one queue or of all. */
export function SweepDeleteDialog({ queue, returnTo, onClose }: SweepProps) {
  const { connectionId, place } = useSystem("forge");
  const [status, setStatus] = useState<Deleted>("dead");
  const [queueName, setQueueName] = useState(queue);
  const { answer, count } = useStatusCount(status, queueName);
  const where = queueName ?? "every queue";
  const label = count ? `Delete ${formatQuantity(count, `${status} job`)} of ${where}` : "Nothing to delete";
  const inputs = count
    ? [{ connectionId, status, ...(queueName !== undefined && { queueName }) }]
    : undefined;
  return (
    <CommandDialog
      title="Delete every job of a status"
      name="forge.jobs.delete-by-status"
      place={place}
      inputs={inputs}
      itemLabel={() => `All ${status} jobs of ${where}`}
      itemHeading="Jobs"
      actionLabel={label}
      destructive
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.jobs.delete-by-status" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <Select
            label="Status"
            data={[...choices]}
            value={status}
            allowDeselect={false}
            w={250}
            onChange={(next) => setStatus((next ?? "dead") as Deleted)}
          />
          <QueueChoice value={queueName} onChange={setQueueName} />
        </div>
        <Counted
          answer={answer}
          text={
            count === undefined ? undefined : `${formatQuantity(count, `${status} job`)} now, in ${where}`
          }
        />
        {queueName === undefined && count !== undefined && count > 0 && (
          <ByQueue status={status} total={count} />
        )}
        <Notice slim tone="bad" shape="bang" title="This cannot be undone">
          Payload, errors and timeline events go with them.{" "}
          {(status === "pending" || status === "failed") && "What they were to do is then never done. "}
          Whatever has the status when the server comes to it is deleted, also what came after the counting.
        </Notice>
        <Notice slim tone="warn" shape="forbidden" title="Running jobs cannot be deleted">
          The server would remove them without stopping their handlers. Ask single ones to stop instead.
        </Notice>
      </div>
    </CommandDialog>
  );
}
