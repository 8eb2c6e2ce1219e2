import { type CommandExecution, Failure, type Finding, type Handlers } from "../../shared/contract/index.ts";
import type { executionOperations } from "../../shared/flowfabric/execution-operations.ts";
import { executionTarget } from "../../shared/flowfabric/inputs.ts";
import type { FlowfabricClient } from "./client.ts";
import {
  answerOf,
  describeRequest,
  type FlowfabricCommandParts,
  lookRepeatedly,
  moment,
  readEvidence,
  verdict,
} from "./command-parts.ts";
import type { ExecutionReply } from "./replies.ts";
import { claimRequest, type GrantWish, reclaimRequest } from "./requests.ts";
import type { FlowfabricSession } from "./session.ts";

type GrantOperations = Pick<
  typeof executionOperations,
  "flowfabric.executions.reclaim" | "flowfabric.workers.claim"
>;

/** The way of the answer, beside the grant's own life. */
const graceMs = 2_000;

/** Handlers of the two grants: each lets a worker take a lease, and neither takes it. */
export function grantHandlers(parts: FlowfabricCommandParts): Handlers<GrantOperations> {
  return {
    "flowfabric.executions.reclaim": async ({ connectionId, executionId, ...wish }) =>
      reclaim(parts, parts.session(connectionId), { executionId, wish }),
    "flowfabric.workers.claim": async ({ connectionId, ...wish }, { reconciling = false }) => {
      const session = parts.session(connectionId);
      if (!reconciling) refuseClaim(session);
      return claim(parts, session, wish);
    },
  };
}

function reclaim(
  parts: FlowfabricCommandParts,
  session: FlowfabricSession,
  { executionId, wish }: { executionId: string; wish: GrantWish },
): CommandExecution {
  const client = session.requireClient();
  return {
    target: executionTarget({ executionId }),
    request: describeRequest(client, reclaimRequest(executionId, wish)),
    send: () =>
      answerOf(client.issueReclaimGrant(executionId, wish), (reply) => {
        if (reply.status === "granted") {
          session.backend.learnFromGrantKey(reply.grant_key);
          const message = `${wish.workerId} may take it over until ${timeOf(reply.expires_at_ms)}; whether it does is being watched.`;
          return { accepted: true, message, reply: withoutKey(reply) };
        }
        return { accepted: false, message: explainReclaim(reply), reply };
      }),
    evidence: {
      waitMs: wish.grantTtlMs + graceMs,
      verifyWhenOver: true,
      watch: watchTaking(parts, client, () => executionId),
    },
    verify: async () => takingVerdict(await client.execution(executionId), moment(parts), wish.workerId),
  };
}

/** The grant's key may carry a signature: it is nothing for a record. */
function withoutKey<T extends { grant_key: string }>({ grant_key: _key, ...rest }: T): Omit<T, "grant_key"> {
  return rest;
}

/** Every outcome that is HTTP 200 and no grant, in words (flowfabric-admin §4.2). */
function explainReclaim(
  reply:
    | { status: "not_reclaimable"; detail: string }
    | { status: "reclaim_cap_exceeded"; reclaim_count: number },
): string {
  if (reply.status === "reclaim_cap_exceeded")
    return `No grant: it was reclaimed ${reply.reclaim_count} times already, which is the limit. It is not ended by that: cancel it if it is beyond help.`;
  const missing = /^capability_mismatch: (.*)$/.exec(reply.detail)?.[1];
  if (missing !== undefined)
    return `No grant: this worker lacks ${missing.replaceAll(",", ", ")}, which the execution needs.`;
  return `No grant: it cannot be reclaimed in its present state (${reply.detail}). Its owner may be alive, or it may be over or back in the queue.`;
}

function watchTaking(
  parts: FlowfabricCommandParts,
  client: FlowfabricClient,
  executionId: () => string | undefined,
): (report: (finding: Finding) => void) => () => void {
  return (report) =>
    lookRepeatedly(
      parts.lookEveryMs,
      async () => {
        const id = executionId();
        if (id === undefined) return undefined;
        const execution = await client.execution(id);
        return isTaken(execution) ? takenFinding(execution, moment(parts)) : undefined;
      },
      report,
    );
}

function isTaken({
  state_vector: { ownership_state: ownership, lifecycle_phase: phase },
}: ExecutionReply): boolean {
  return ownership === "leased" || phase === "terminal" || phase === "suspended";
}

function takenFinding(execution: ExecutionReply, at: string): Finding {
  const message = takenMessage(execution);
  return { verdict: "confirmed", message, evidence: readEvidence(at, message, execution.state_vector) };
}

function takenMessage({ public_state: state, current_attempt_index: attempt }: ExecutionReply): string {
  return state === "active"
    ? `A worker holds the lease now (attempt ${attempt + 1}).`
    : `A worker took it: it is ${state} now (attempt ${attempt + 1}).`;
}

function takingVerdict(execution: ExecutionReply, at: string, workerId: string) {
  const data = execution.state_vector;
  if (isTaken(execution)) return verdict("verified", takenMessage(execution), { at, data });
  return verdict(
    "failed",
    `${workerId} did not use the grant before it expired; the execution is where it was.`,
    { at, data },
  );
}

/** A claim on Postgres can strand work for good, and SQLite has none (flowfabric-admin §4.1). */
function refuseClaim(session: FlowfabricSession): void {
  const { backend } = session.backend;
  if (backend !== "postgres" && backend !== "sqlite") return;
  throw new Failure({
    code: "conflict",
    message:
      backend === "postgres"
        ? "On Postgres a claim that no worker uses can strand the execution for good, so this console makes none."
        : "A server on SQLite gives no claims over HTTP.",
    details: { backend, because: session.backend.because, delivered: false },
    hint: "Let a real worker claim its work.",
  });
}

function claim(parts: FlowfabricCommandParts, session: FlowfabricSession, wish: GrantWish): CommandExecution {
  const client = session.requireClient();
  let claimed: string | undefined;
  return {
    target: { kind: "worker", id: wish.workerId, label: wish.workerId },
    request: describeRequest(client, claimRequest(wish)),
    send: () =>
      answerOf(client.claimForWorker(wish), (reply) => {
        if (!reply) return { accepted: false, message: emptyClaim, reply: { status: 204 } };
        claimed = reply.execution_id;
        session.backend.learnFromGrantKey(reply.grant_key);
        const message = `${wish.workerId} may take ${reply.execution_id} until ${timeOf(reply.expires_at_ms)}; until then nobody else is offered it.`;
        return { accepted: true, message, reply: withoutKey(reply) };
      }),
    evidence: {
      waitMs: wish.grantTtlMs + graceMs,
      verifyWhenOver: true,
      watch: watchTaking(parts, client, () => claimed),
    },
    verify: async () => {
      const at = moment(parts);
      if (claimed === undefined)
        return verdict("unknown", "Which execution was granted is known only from the reply.", {
          at,
          data: null,
        });
      return takingVerdict(await client.execution(claimed), at, wish.workerId);
    },
  };
}

const emptyClaim =
  "Nothing was claimable in this scan, which is no proof of an empty lane: a scan sees 32 partitions, and it takes about eight to see all. Work that this worker cannot do was moved out of the queue by it, and comes back by itself.";

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
