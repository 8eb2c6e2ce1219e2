import { useForm } from "@mantine/form";
import type { RefObject } from "react";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { shortExecution, uuidSchema } from "../../shared/flowfabric/inputs.ts";
import type { Action } from "../command/action.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { CopyCurlMenu } from "../command/copy-curl-menu.tsx";
import { useSystem } from "../state/selection.ts";
import { Notice } from "../ui/notice.tsx";
import { CancelFlowDialog } from "./cancel-flow-dialog.tsx";
import {
  CancelDialog,
  type ExecutionDialogProps,
  PriorityDialog,
  ReplayDialog,
  RevokeDialog,
} from "./execution-dialogs.tsx";
import classes from "./flowfabric.module.css";
import { GrantFields, type GrantValues, grantOf } from "./grant-form.tsx";

type Executions = readonly ExecutionRow[];

/** What can be done with an execution, as far as its state lets one expect something of it. */
export const executionActions: readonly Action<ExecutionRow>[] = [
  {
    id: "execution-reclaim",
    operation: "flowfabric.executions.reclaim",
    verb: "Reclaim",
    synonyms: "let worker take",
    label: (rows) => `Let a worker reclaim ${nameOf(rows)}`,
    button: () => "Let a worker reclaim…",
    key: "c",
    primary: true,
    applies: (rows) => isOffered(rows, "reclaim"),
    Dialog: ({ things: [row], ...rest }) => row && <ReclaimDialog {...rest} row={row} />,
  },
  {
    id: "execution-revoke-lease",
    operation: "flowfabric.executions.revoke-lease",
    verb: "Revoke lease",
    label: (rows) => `Revoke the lease of ${nameOf(rows)}`,
    key: "v",
    applies: (rows) => isOffered(rows, "revoke-lease"),
    Dialog: ({ things: [row], ...rest }) => row && <RevokeDialog {...rest} row={row} />,
  },
  {
    id: "execution-cancel",
    operation: "flowfabric.executions.cancel",
    verb: "Cancel",
    synonyms: "stop kill",
    label: (rows) => `Cancel ${nameOf(rows)}`,
    key: "x",
    destructive: true,
    applies: (rows) => isOffered(rows, "cancel"),
    Dialog: ({ things: [row], ...rest }) => row && <CancelDialog {...rest} row={row} />,
  },
  {
    id: "execution-replay",
    operation: "flowfabric.executions.replay",
    verb: "Replay",
    synonyms: "retry again",
    label: (rows) => `Replay ${nameOf(rows)}`,
    key: "r",
    applies: (rows) => isOffered(rows, "replay"),
    Dialog: ({ things: [row], ...rest }) => row && <ReplayDialog {...rest} row={row} />,
  },
  {
    id: "execution-priority",
    operation: "flowfabric.executions.priority",
    verb: "Priority",
    synonyms: "set change",
    label: (rows, priority) =>
      `Change the priority of ${nameOf(rows)}${priority === undefined ? "" : ` to ${priority}`}`,
    key: "p",
    applies: (rows) => isOffered(rows, "priority"),
    parameter: (text) => (/^\d{1,4}$/.test(text) ? text : undefined),
    Dialog: ({ things: [row], ...rest }) => row && <PriorityDialog {...rest} row={row} />,
  },
];

function isOffered([row]: Executions, action: ExecutionRow["diagnosis"]["actions"][number]): boolean {
  return row?.diagnosis.actions.includes(action) === true;
}

function nameOf([row]: Executions): string {
  return row ? shortExecution(row.id) : "";
}

/** Asks for a grant of fresh work. */
export const claimWork: Action<never> = {
  id: "claim",
  operation: "flowfabric.workers.claim",
  verb: "Claim",
  label: () => "Claim for a worker",
  button: () => "Claim for a worker…",
  secondary: true,
  Dialog: (props) => <ClaimDialog {...props} />,
};

/** A flow as far as its executions name it. */
export interface NamedFlow {
  flowId: string;
}

/** Cancels a flow: the one that is meant, or one whose id has still to be typed. */
export const cancelFlow: Action<NamedFlow> = {
  id: "flow-cancel",
  operation: "flowfabric.flows.cancel",
  verb: "Cancel",
  synonyms: "stop",
  label: ([flow]) => `Cancel ${flow ? `flow ${flow.flowId}` : "a flow"}`,
  button: () => "Cancel a flow…",
  secondary: true,
  destructive: true,
  parameter: (text) => (uuidSchema.safeParse(text).success ? text : undefined),
  Dialog: ({ things: [flow], value, ...rest }) => (
    <CancelFlowDialog {...rest} flowId={flow?.flowId ?? value} />
  ),
};

interface ClaimDialogProps {
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Asks for a grant of fresh work: a diagnosis with side effects, which are said first. */
function ClaimDialog({ returnTo, onClose }: ClaimDialogProps) {
  const { connectionId, place, profile } = useSystem("flowfabric");
  const form = useForm<GrantValues>({
    initialValues: { workerId: "", workerInstanceId: "", lane: "default", seconds: 5, capabilities: [] },
  });
  const grant = grantOf(form.values);
  const backend = profile?.target.backend;
  const refused = backend === "postgres" || backend === "sqlite";
  const inputs = grant && !refused ? [{ connectionId, ...grant }] : undefined;
  return (
    <CommandDialog
      title="Claim for a worker"
      name="flowfabric.workers.claim"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.workerId}
      itemHeading="Worker"
      actionLabel={grant ? `Claim from ${grant.lane} for ${grant.workerId}` : "Claim"}
      copyAs={<CopyCurlMenu name="flowfabric.workers.claim" what="Claim" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
    >
      <div className={classes.stack}>
        <Notice tone="warn" shape="bang" title="A claim disturbs real work, even when it finds none">
          What this worker cannot do is moved out of the queue for some seconds; what is granted is offered to
          nobody else until the grant expires. It answers whether a worker with these capabilities would get
          work.
        </Notice>
        {refused && (
          <Notice tone="bad" shape="forbidden" title="Not on this backend">
            {backend === "postgres"
              ? "On Postgres a claim finds nothing, whatever waits, and one that nobody uses could strand an execution."
              : "A server on SQLite gives no claims over HTTP."}
          </Notice>
        )}
        <GrantFields form={form} />
      </div>
    </CommandDialog>
  );
}

/** Lets one worker take over an orphaned execution: what that does, and how its use is watched. */
function ReclaimDialog({ row, returnTo, onClose }: ExecutionDialogProps) {
  const { connectionId, place, profile } = useSystem("flowfabric");
  const form = useForm<GrantValues>({
    initialValues: { workerId: "", workerInstanceId: "", lane: row.lane, seconds: 30, capabilities: [] },
  });
  const grant = grantOf(form.values);
  const name = shortExecution(row.id);
  const inputs = grant && [{ connectionId, executionId: row.id, ...grant }];
  return (
    <CommandDialog
      title={`Let a worker reclaim ${name}`}
      name="flowfabric.executions.reclaim"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.workerId}
      itemHeading="Worker"
      actionLabel={grant ? `Let ${grant.workerId} reclaim ${name}` : "Let a worker reclaim it"}
      copyAs={<CopyCurlMenu name="flowfabric.executions.reclaim" what="Reclaim" inputs={inputs} />}
      returnTo={returnTo}
      onClose={onClose}
      receiptNote={
        <p className={classes.hint}>
          Until the grant expires, the execution is watched: a new lease proves that the worker took it.
        </p>
      }
    >
      <div className={classes.stack}>
        <p className={classes.text}>
          This writes a permission, at most a minute long, and does not run anything: the named worker has to
          use it itself. Unused, it expires, and the execution stays where it is.
        </p>
        {profile?.target.backend === "postgres" && (
          <Notice
            slim
            tone="warn"
            shape="bang"
            title="On Postgres the reconciler usually requeues it by itself"
          >
            Then the answer is that it cannot be reclaimed.
          </Notice>
        )}
        <GrantFields form={form} />
      </div>
    </CommandDialog>
  );
}
