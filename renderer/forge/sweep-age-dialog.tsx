import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { limits } from "../../shared/forge/schema.ts";
import { useOperation } from "../client/query.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { Counted, QueueChoice, type SweepProps } from "./sweep-parts.tsx";

const defaultDays = 7;

/** The form's input, and what it would find; undefined until that is counted. */
function useOldJobs(days: number | undefined, queueName: string | undefined) {
  const { connectionId } = useSystem("forge");
  const input = {
    connectionId,
    olderThanDays: days ?? defaultDays,
    ...(queueName !== undefined && { queueName }),
  };
  const answer = useOperation("forge.jobs.count-old", input, { enabled: days !== undefined });
  const found = days === undefined || answer.isFetching ? undefined : answer.data;
  const amount = found && `${found.exact ? "" : "up to "}${formatQuantity(found.rows, "done job")}`;
  return { answer, amount, inputs: found && found.rows > 0 ? [input] : undefined };
}

function daysOf(value: number | string): number | undefined {
  const good = typeof value === "number" && Number.isInteger(value) && value >= 0;
  return good && value <= limits.deadDays.max ? value : undefined;
}

/** Lets the server delete done jobs by their age, whatever the retention of their queue says. */
export function SweepAgeDialog({ queue, returnTo, onClose }: SweepProps) {
  const { place } = useSystem("forge");
  const [written, setWritten] = useState<number | string>(defaultDays);
  const [queueName, setQueueName] = useState(queue);
  const days = daysOf(written);
  const { answer, amount, inputs } = useOldJobs(days, queueName);
  const where = queueName ?? "every configured queue";
  const label = inputs ? `Delete ${amount} of ${where}` : "Nothing to delete";
  return (
    <CommandDialog
      title="Delete old done jobs"
      name="forge.jobs.delete-done"
      place={place}
      inputs={inputs}
      itemLabel={() => `Done jobs of ${where}`}
      itemHeading="Jobs"
      actionLabel={label}
      destructive
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.jobs.delete-done" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <NumberInput
            label="Finished more than … ago"
            suffix=" d"
            min={0}
            max={limits.deadDays.max}
            allowDecimal={false}
            value={written}
            onChange={setWritten}
            error={days === undefined ? `A whole number from 0 to ${limits.deadDays.max}` : undefined}
          />
          <QueueChoice value={queueName} onChange={setQueueName} />
        </div>
        {days !== undefined && <Counted answer={answer} text={amount && `${amount} now, in ${where}`} />}
        <Warnings days={days} queueName={queueName} />
      </div>
    </CommandDialog>
  );
}

function Warnings({ days, queueName }: { days: number | undefined; queueName: string | undefined }) {
  return (
    <>
      {days === 0 && (
        <Notice slim tone="warn" shape="bang" title="0 days means every done job">
          Also those that were completed a moment ago.
        </Notice>
      )}
      <Notice slim tone="bad" shape="bang" title="This cannot be undone">
        Their timeline events go with them, so charts of that time lose them too.
        {queueName === undefined && " Queues that are not configured are left out by the server."}
      </Notice>
    </>
  );
}
