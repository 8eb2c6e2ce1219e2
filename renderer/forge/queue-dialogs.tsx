import { NumberInput } from "@mantine/core";
import { type RefObject, useState } from "react";
import { limits } from "../../shared/forge/schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { CopyInputs } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { useForge } from "./use-forge.ts";
import type { QueueView } from "./use-queues.ts";

export interface QueueDialogProps {
  queue: QueueView;
  onClose: () => void;
  returnTo: RefObject<HTMLElement | null>;
}

const nameOf = ({ name }: { name: string }) => name;

/** Pauses or resumes a queue, with what that means for what runs and what waits. */
export function PauseDialog({ queue, onClose, returnTo }: QueueDialogProps) {
  const { connectionId, place } = useForge();
  const { name, counts } = queue;
  // What the dialog does stays as it was when it opened, while the queue behind it changes.
  const [paused] = useState(queue.paused);
  const action = paused ? `Resume ${name}` : `Pause ${name}`;
  const inputs = [{ connectionId, name, paused: !paused }];
  return (
    <CommandDialog
      title={action}
      name="forge.queues.set-paused"
      place={place}
      inputs={inputs}
      itemLabel={nameOf}
      itemHeading="Queue"
      actionLabel={action}
      size={620}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={action} name="forge.queues.set-paused" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <p>
          {paused
            ? `Workers take up its ${formatQuantity(counts.pending, "ready job")} again, within a second or so.`
            : `Workers stop taking its ${formatQuantity(counts.pending, "ready job")}. New jobs can still be enqueued and wait.`}
        </p>
        {!paused && counts.inProgress > 0 && (
          <Notice slim tone="warn" shape="bang" title={`${formatQuantity(counts.inProgress, "job")} running`}>
            Their handlers are asked to stop. One that does so may record a failure, which costs an attempt;
            one that does not listen runs to its end.
          </Notice>
        )}
      </div>
    </CommandDialog>
  );
}

/** Sets the slots of a queue in the whole cluster. */
export function WorkersDialog({ queue, onClose, returnTo }: QueueDialogProps) {
  const { connectionId, place } = useForge();
  const [workers, setWorkers] = useState<number | string>(queue.maxWorkers);
  const { min, max } = limits.workers;
  const good = typeof workers === "number" && workers >= min && workers <= max;
  const label = good ? `Set workers of ${queue.name} to ${workers}` : "Set workers";
  const inputs = good ? [{ connectionId, name: queue.name, workers }] : undefined;
  return (
    <CommandDialog
      title={`Workers of ${queue.name}`}
      name="forge.queues.set-max-workers"
      place={place}
      inputs={inputs}
      itemLabel={nameOf}
      itemHeading="Queue"
      actionLabel={label}
      size={620}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.queues.set-max-workers" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <NumberInput
          label="Workers in the whole cluster"
          description={`${min} to ${max}; now ${queue.maxWorkers}. The server splits them over the processes that declare the queue, within five seconds.`}
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
        {good && workers < queue.counts.inProgress && (
          <Notice slim tone="warn" shape="bang" title={`${queue.counts.inProgress} jobs are running`}>
            Surplus workers are asked to stop; their jobs may record a failure, which costs an attempt.
          </Notice>
        )}
      </div>
    </CommandDialog>
  );
}

/** Sets how long done and dead jobs of a queue are kept. */
export function RetentionDialog({ queue, onClose, returnTo }: QueueDialogProps) {
  const { connectionId, place } = useForge();
  const [done, setDone] = useState<number | string>(queue.retainDoneDays);
  const [dead, setDead] = useState<number | string>(queue.retainDeadDays);
  const good = isWithin(done, limits.doneDays) && isWithin(dead, limits.deadDays);
  const label = good ? `Keep done ${done} d and dead ${dead} d` : "Set retention";
  const inputs = good
    ? [{ connectionId, name: queue.name, doneDays: Number(done), deadDays: Number(dead) }]
    : undefined;
  const shorter = good && (Number(done) < queue.retainDoneDays || Number(dead) < queue.retainDeadDays);
  return (
    <CommandDialog
      title={`Retention of ${queue.name}`}
      name="forge.queues.set-retention"
      place={place}
      inputs={inputs}
      itemLabel={nameOf}
      itemHeading="Queue"
      actionLabel={label}
      destructive={shorter}
      size={620}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.queues.set-retention" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <div className={classes.line}>
          <NumberInput
            label="Done jobs"
            suffix=" d"
            min={0}
            max={limits.doneDays.max}
            allowDecimal={false}
            value={done}
            onChange={setDone}
            error={isWithin(done, limits.doneDays) ? undefined : `0 to ${limits.doneDays.max}`}
          />
          <NumberInput
            label="Dead jobs"
            suffix=" d"
            min={0}
            max={limits.deadDays.max}
            allowDecimal={false}
            value={dead}
            onChange={setDead}
            error={isWithin(dead, limits.deadDays) ? undefined : `0 to ${limits.deadDays.max}`}
          />
        </div>
        {shorter && (
          <Notice slim tone="warn" shape="bang" title="The next sweep removes more">
            Every five minutes the server deletes what is older: now it holds {formatCount(queue.counts.done)}{" "}
            done and {formatCount(queue.counts.dead)} dead jobs. Their timeline goes with them.
          </Notice>
        )}
      </div>
    </CommandDialog>
  );
}

function isWithin(value: number | string, { min, max }: { min: number; max: number }): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
