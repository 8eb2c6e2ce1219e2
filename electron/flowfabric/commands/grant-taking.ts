import type { Finding, Verdict } from "../../../shared/contract/index.ts";
import type { CommandPlan } from "../../connections/session-door.ts";
import { readEvidence, readVerdict, timestamp } from "../../upstream/evidence.ts";
import type { ExecutionReply } from "../client/replies.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { type CommandParts, lookRepeatedly } from "./command-parts.ts";

/** A grant that somebody may use, and what is needed to tell whether it was used. */
export interface Grant {
  executionId: string;
  workerId: string;
  /** The attempt when the grant was asked for, counted from 0: whoever reclaims begins another one. */
  attemptBefore?: number | undefined;
  /** Of fresh work: its first attempt is the one that the grant begins. */
  isFresh?: boolean;
}

/** `over`: it has ended without anybody taking it; `untold`: it has ended, and nothing says how. */
type Taking = "taken" | "over" | "untold" | "open";

/** Looks whether the grant is used, until it is settled. */
export function watchTaking(
  parts: CommandParts,
  grantOf: () => Grant | undefined,
): NonNullable<CommandPlan<FlowfabricSession>["evidence"]>["watch"] {
  return (session, report, scope) => {
    const look = async (): Promise<Finding | undefined> => {
      const grant = grantOf();
      const client = session.requireClient();
      return grant && findingOf(await client.execution(grant.executionId), grant, timestamp(parts));
    };
    scope.onEnd(lookRepeatedly(parts.waits.lookEveryMs, look, report));
  };
}

function findingOf(execution: ExecutionReply, grant: Grant, at: string): Finding | undefined {
  const taking = takingOf(execution, grant);
  if (taking !== "taken" && taking !== "over") return undefined;
  const message = messageOf(taking, execution, grant);
  const evidence = readEvidence(at, message, execution.state_vector);
  return { verdict: taking === "taken" ? "confirmed" : "failed", message, evidence };
}

/** Whether the grant was used, as far as the execution tells. */
export function takingVerdict(execution: ExecutionReply, grant: Grant, at: string): Verdict {
  const taking = takingOf(execution, grant);
  const kind = taking === "taken" ? "verified" : taking === "untold" ? "unknown" : "failed";
  return readVerdict(kind, messageOf(taking, execution, grant), { at, data: execution.state_vector });
}

/** How an execution ends without a worker (flowfabric-admin §1.6). */
const untaken = ["cancelled", "expired", "skipped"];

/** Only a worker suspends or completes something; an operator or a deadline ends it as well (flowfabric-admin §4.2). */
function takingOf(
  { state_vector: state, current_attempt_index: attempt }: ExecutionReply,
  grant: Grant,
): Taking {
  if (state.ownership_state === "leased" || state.lifecycle_phase === "suspended") return "taken";
  if (grant.attemptBefore !== undefined && attempt > grant.attemptBefore) return "taken";
  if (state.lifecycle_phase !== "terminal") return "open";
  if (state.terminal_outcome === "success") return "taken";
  if (untaken.includes(state.terminal_outcome)) return "over";
  if (state.terminal_outcome !== "failed") return "untold";
  if (grant.isFresh) return "taken";
  return grant.attemptBefore === undefined ? "untold" : "over";
}

function messageOf(taking: Taking, execution: ExecutionReply, { workerId }: Grant): string {
  const { public_state: state, current_attempt_index: attempt } = execution;
  if (taking === "untold") return `It is ${state} now, whether or not anybody took it over first.`;
  if (taking === "open")
    return `${workerId} did not use the grant before it expired; the execution is where it was.`;
  if (taking === "over")
    return state === "failed"
      ? "It is failed now, without a new attempt: whoever used the grant met the limit of reclaims."
      : `It is ${state} now, and nobody took it over first.`;
  return state === "active"
    ? `A worker holds the lease now (attempt ${attempt + 1}).`
    : `A worker took it: it is ${state} now (attempt ${attempt + 1}).`;
}
