import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { shortExecution, uuidSchema } from "../../shared/flowfabric/inputs.ts";
import type { Action } from "../command/action.ts";
import { CancelFlowDialog } from "./cancel-flow-dialog.tsx";
import { ClaimDialog } from "./claim-dialog.tsx";
import { CancelDialog, PriorityDialog, ReplayDialog, RevokeDialog } from "./execution-dialogs.tsx";
import { ReclaimDialog } from "./reclaim-dialog.tsx";

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
