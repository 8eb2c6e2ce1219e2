import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { limits } from "../../shared/forge/schema.ts";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import classes from "./forge.module.css";
import { QueueDialog, type QueueDialogProps, unchanged } from "./queue-dialog.tsx";

/** Pauses or resumes a queue, with what that means for what runs and what waits. */
export function PauseDialog(props: QueueDialogProps) {
  const { name, counts, ...queue } = props.queue;
  // What the dialog does stays as it was when it opened, while the queue behind it changes.
  const [paused] = useState(queue.paused);
  const action = paused ? `Resume ${name}` : `Pause ${name}`;
  return (
    <QueueDialog
      {...props}
      title={action}
      name="forge.queues.set-paused"
      values={{ paused: !paused }}
      label={action}
    >
      <p>
        {paused
          ? `Workers take up its ${formatQuantity(counts.pending, "ready job")} again, within a second or so.`
          : `Workers stop taking its ${formatQuantity(counts.pending, "ready job")}. New jobs can still be enqueued and wait.`}
      </p>
      {!paused && counts.inProgress > 0 && (
        <Notice slim tone="warn" shape="bang" title={`${formatQuantity(counts.inProgress, "job")} running`}>
          Their handlers are asked to stop. One that does so may record a failure, which costs an attempt; one
          that does not listen runs to its end.
        </Notice>
      )}
    </QueueDialog>
  );
}

/** Sets the slots of a queue in the whole cluster. */
export function WorkersDialog(props: QueueDialogProps) {
  const { name, maxWorkers, counts } = props.queue;
  const [workers, setWorkers] = useState<number | string>(
    props.value === undefined ? maxWorkers : Number(props.value),
  );
  const { min, max } = limits.workers;
  const good = isWithin(workers, limits.workers);
  const isSame = workers === maxWorkers;
  const label = good ? `Set workers of ${name} to ${workers}` : "Set workers";
  return (
    <QueueDialog
      {...props}
      title={`Workers of ${name}`}
      name="forge.queues.set-max-workers"
      values={good && !isSame ? { workers } : undefined}
      label={isSame ? unchanged : label}
    >
      <NumberInput
        label="Workers in the whole cluster"
        description={`${min} to ${max}; now ${maxWorkers}. The server splits them over the processes that declare the queue, within five seconds.`}
        min={min}
        max={max}
        allowDecimal={false}
        value={workers}
        onChange={setWorkers}
        error={good ? undefined : `A whole number from ${min} to ${max}`}
      />
      {workers === 0 && (
        <Notice slim tone="warn" shape="bang" title="Nothing will run">
          With no worker the queue also shows as served by nobody. To stop it for a while, pause it.
        </Notice>
      )}
      {good && workers < counts.inProgress && (
        <Notice slim tone="warn" shape="bang" title={`${formatQuantity(counts.inProgress, "job")} running`}>
          Surplus workers are asked to stop; their jobs may record a failure, which costs an attempt.
        </Notice>
      )}
    </QueueDialog>
  );
}

/** Sets how long done and dead jobs of a queue are kept. */
export function RetentionDialog(props: QueueDialogProps) {
  const { name, retainDoneDays, retainDeadDays, counts } = props.queue;
  const [done, setDone] = useState<number | string>(retainDoneDays);
  const [dead, setDead] = useState<number | string>(retainDeadDays);
  const values =
    isWithin(done, limits.doneDays) && isWithin(dead, limits.deadDays)
      ? { doneDays: done, deadDays: dead }
      : undefined;
  const isSame = done === retainDoneDays && dead === retainDeadDays;
  const shorter =
    values !== undefined && (values.doneDays < retainDoneDays || values.deadDays < retainDeadDays);
  const label = values ? `Keep done ${done} d and dead ${dead} d` : "Set retention";
  return (
    <QueueDialog
      {...props}
      title={`Retention of ${name}`}
      name="forge.queues.set-retention"
      values={isSame ? undefined : values}
      label={isSame ? unchanged : label}
      destructive={shorter}
    >
      <div className={classes.line}>
        <DaysInput label="Done jobs" value={done} onChange={setDone} max={limits.doneDays.max} />
        <DaysInput label="Dead jobs" value={dead} onChange={setDead} max={limits.deadDays.max} />
      </div>
      {shorter && (
        <Notice slim tone="warn" shape="bang" title="The next sweep removes more">
          Every five minutes the server deletes what is older: now it holds {formatCount(counts.done)} done
          and {formatCount(counts.dead)} dead jobs. Their timeline goes with them.
        </Notice>
      )}
    </QueueDialog>
  );
}

interface DaysInputProps {
  label: string;
  value: number | string;
  max: number;
  onChange: (value: number | string) => void;
}

function DaysInput({ label, value, max, onChange }: DaysInputProps) {
  return (
    <NumberInput
      label={label}
      suffix=" d"
      min={0}
      max={max}
      allowDecimal={false}
      value={value}
      onChange={onChange}
      error={isWithin(value, { min: 0, max }) ? undefined : `0 to ${max}`}
    />
  );
}

function isWithin(value: number | string, { min, max }: { min: number; max: number }): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}
