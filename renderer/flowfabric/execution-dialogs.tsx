import { NumberInput } from "@mantine/core";
import { type RefObject, useState } from "react";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { shortExecution } from "../../shared/flowfabric/inputs.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import classes from "./flowfabric.module.css";

/** What every dialog about one execution is given. */
export interface ExecutionDialogProps {
  row: ExecutionRow;
  /** What was said of it already, such as its new priority. */
  value?: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** What all dialogs about one execution have in common. */
function useCommon({ row, returnTo, onClose }: ExecutionDialogProps) {
  const { connectionId, place } = useSystem("flowfabric");
  const name = shortExecution(row.id);
  return {
    name,
    target: { connectionId, executionId: row.id },
    dialog: { place, itemLabel: () => name, itemHeading: "Execution", returnTo, onClose },
  };
}

/** Ends an execution. */
export function CancelDialog(props: ExecutionDialogProps) {
  const { name, target, dialog } = useCommon(props);
  const title = `Cancel ${name}`;
  return (
    <CommandDialog
      {...dialog}
      title={title}
      name="flowfabric.executions.cancel"
      inputs={[target]}
      copyAs={<CopyCurlMenu name="flowfabric.executions.cancel" what={title} inputs={[target]} />}
      actionLabel={title}
      destructive
    >
      <p className={classes.text}>
        It ends as cancelled. A worker that is at it finds out when it next renews its lease. On Postgres a
        cancelled execution cannot be replayed.
      </p>
    </CommandDialog>
  );
}

/** Runs an execution again. */
export function ReplayDialog(props: ExecutionDialogProps) {
  const { name, target, dialog } = useCommon(props);
  const title = `Replay ${name}`;
  return (
    <CommandDialog
      {...dialog}
      title={title}
      name="flowfabric.executions.replay"
      inputs={[target]}
      copyAs={<CopyCurlMenu name="flowfabric.executions.replay" what={title} inputs={[target]} />}
      actionLabel={title}
    >
      <p className={classes.text}>
        It goes back into its queue as a new attempt, with the input of before. Whatever it did outside
        already, it may do again. Its policy limits how often (ten times unless it says otherwise).
      </p>
    </CommandDialog>
  );
}

/** Takes the lease of an execution away. */
export function RevokeDialog(props: ExecutionDialogProps) {
  const { name, target, dialog } = useCommon(props);
  const { profile } = useSystem("flowfabric");
  const requeues = profile?.target.backend === "postgres" || profile?.target.backend === "sqlite";
  const title = `Revoke the lease of ${name}`;
  return (
    <CommandDialog
      {...dialog}
      title={title}
      name="flowfabric.executions.revoke-lease"
      inputs={[target]}
      copyAs={<CopyCurlMenu name="flowfabric.executions.revoke-lease" what={title} inputs={[target]} />}
      actionLabel={title}
      destructive
    >
      <p className={classes.text}>
        The worker that holds it loses it, whatever it is doing.{" "}
        {requeues
          ? "On this backend the execution goes straight back into its queue."
          : "On Valkey the execution is then parked: nobody picks it up until a worker reclaims it or it is cancelled. On Postgres and SQLite it goes straight back into its queue."}
      </p>
    </CommandDialog>
  );
}

/** Gives an execution another priority. */
export function PriorityDialog(props: ExecutionDialogProps) {
  const { name, target, dialog } = useCommon(props);
  const [value, setValue] = useState<number | string>(
    props.value === undefined ? props.row.priority : Number(props.value),
  );
  const isGood = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 9_000;
  const isSame = value === props.row.priority;
  const inputs = isGood && !isSame ? [{ ...target, priority: value }] : undefined;
  const title = `Priority of ${name}`;
  return (
    <CommandDialog
      {...dialog}
      title={title}
      name="flowfabric.executions.priority"
      inputs={inputs}
      copyAs={<CopyCurlMenu name="flowfabric.executions.priority" what={title} inputs={inputs} />}
      actionLabel={isSame ? "No changes" : `Set the priority to ${value}`}
    >
      <NumberInput
        label="Priority"
        description={`Now ${props.row.priority}; higher runs first`}
        min={0}
        max={9_000}
        allowDecimal={false}
        w={220}
        value={value}
        onChange={setValue}
        error={isGood ? undefined : "0 to 9000"}
      />
    </CommandDialog>
  );
}
