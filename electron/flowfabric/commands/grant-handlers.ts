import { type CommandExecution, Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { executionOperations } from "../../../shared/flowfabric/execution-operations.ts";
import { executionTarget } from "../../../shared/flowfabric/inputs.ts";
import { commandThrough } from "../../connections/session-door.ts";
import { readVerdict, timestamp } from "../../upstream/evidence.ts";
import { claimRequest, type GrantParams, reclaimRequest } from "../client/requests.ts";
import { timeOfNumber } from "../queries/execution-rows.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { answerOf, type CommandParts, describeRequest } from "./command-parts.ts";
import { type Grant, takingVerdict, watchTaking } from "./grant-taking.ts";

type GrantOperations = Pick<
  typeof executionOperations,
  "flowfabric.executions.reclaim" | "flowfabric.workers.claim"
>;

/** The way of the answer, beside the grant's own life. */
const graceMs = 2_000;

/** Handlers of the two grants: each lets a worker take a lease, and neither takes it. */
export function grantHandlers(parts: CommandParts): Handlers<GrantOperations> {
  return {
    "flowfabric.executions.reclaim": async ({ connectionId, executionId, ...params }) =>
      reclaim(parts, connectionId, { executionId, params }),
    "flowfabric.workers.claim": async ({ connectionId, ...params }, { reconciling = false }) => {
      if (!reconciling) refuseClaim(parts.session(connectionId));
      return claim(parts, connectionId, params);
    },
  };
}

function reclaim(
  parts: CommandParts,
  connectionId: string,
  { executionId, params }: { executionId: string; params: GrantParams },
): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  const grant: Grant = { executionId, workerId: params.workerId };
  return commandThrough(parts.door(connectionId), {
    target: executionTarget({ executionId }),
    request: describeRequest(known, reclaimRequest(executionId, params)),
    send: async (session) => {
      const client = session.requireClient();
      const before = await client.execution(executionId).catch(() => undefined);
      grant.attemptBefore = before?.current_attempt_index;
      return answerOf(client.issueReclaimGrant(executionId, params), (reply) => {
        if (reply.status === "granted") {
          session.backend.learnFromGrantKey(reply.grant_key);
          const message = `${params.workerId} may take it over until ${timeOfNumber(reply.expires_at_ms)}; whether it does is being watched.`;
          return { accepted: true, message, reply: withoutKey(reply) };
        }
        return { accepted: false, message: explainReclaim(reply), reply };
      });
    },
    evidence: {
      waitMs: params.grantTtlMs + graceMs,
      verifyWhenOver: true,
      watch: watchTaking(parts, () => grant),
    },
    verify: async (session) =>
      takingVerdict(await session.requireClient().execution(executionId), grant, timestamp(parts)),
  });
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

/** A claim on Postgres answers that there is nothing for ever, and SQLite has none (flowfabric-admin §4.1). */
function refuseClaim(session: FlowfabricSession): void {
  const { backend } = session.backend;
  if (backend !== "postgres" && backend !== "sqlite") return;
  throw new Failure({
    code: "conflict",
    message:
      backend === "postgres"
        ? "On Postgres a claim finds nothing, whatever waits, and a grant that no worker uses could strand an execution: this console makes none."
        : "A server on SQLite gives no claims over HTTP.",
    details: { backend, because: session.backend.because, delivered: false },
    hint: "Let a real worker claim its work.",
  });
}

function claim(parts: CommandParts, connectionId: string, params: GrantParams): CommandExecution {
  const known = parts.session(connectionId).requireClient();
  let claimed: Grant | undefined;
  return commandThrough(parts.door(connectionId), {
    target: { kind: "worker", id: params.workerId, label: params.workerId },
    request: describeRequest(known, claimRequest(params)),
    send: (session) =>
      answerOf(session.requireClient().claimForWorker(params), (reply) => {
        if (!reply) return { accepted: false, message: emptyClaim, reply: { status: 204 } };
        claimed = { executionId: reply.execution_id, workerId: params.workerId, isFresh: true };
        session.backend.learnFromGrantKey(reply.grant_key);
        const message = `${params.workerId} may take ${reply.execution_id} until ${timeOfNumber(reply.expires_at_ms)}; until then nobody else is offered it.`;
        return { accepted: true, message, reply: withoutKey(reply) };
      }),
    evidence: {
      waitMs: params.grantTtlMs + graceMs,
      verifyWhenOver: true,
      watch: watchTaking(parts, () => claimed),
    },
    verify: async (session) => {
      const at = timestamp(parts);
      if (claimed === undefined)
        return readVerdict("unknown", "Which execution was granted is known only from the reply.", {
          at,
          data: null,
        });
      return takingVerdict(await session.requireClient().execution(claimed.executionId), claimed, at);
    },
  });
}

const emptyClaim =
  "Nothing was claimable in this scan, which is no proof of an empty lane: a scan sees 32 partitions, and it takes about eight to see all. Work that this worker cannot do was moved out of the queue by it, and comes back by itself.";
