import { Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { executionOperations } from "../../../shared/flowfabric/execution-operations.ts";
import type { WaitpointRow } from "../../../shared/flowfabric/execution-schema.ts";
import type { StreamReply } from "../client/replies.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { executionRow, timeOfNumber, waitpointRow } from "./execution-rows.ts";
import { readEach, scanExecutions } from "./scan.ts";

type QueryOperations = Pick<
  typeof executionOperations,
  | "flowfabric.executions.list"
  | "flowfabric.executions.get"
  | "flowfabric.executions.state"
  | "flowfabric.executions.result"
  | "flowfabric.executions.stream"
  | "flowfabric.waitpoints.list"
  | "flowfabric.waitpoints.scan"
  | "flowfabric.waitpoints.token"
>;

const shownBytes = 16_384;
/** The route tells at most so many, and has no second page (flowfabric-admin §1.7.4). */
export const waitpointLimit = 100;

export interface QueryParts extends CommandParts {
  /** How many partitions the server of a connection has spoken of. */
  partitionCount(connectionId: string): number | undefined;
}

/** Handlers that read executions and waitpoints. */
export function executionQueries(parts: QueryParts): Handlers<QueryOperations> {
  return {
    "flowfabric.executions.list": async ({ connectionId, ...params }) => {
      const session = parts.session(connectionId);
      const client = session.requireClient();
      const { ids, next, partitions, partitionsFrom, problems, requests } = await scanExecutions(session, {
        ...params,
        told: parts.partitionCount(connectionId),
      });
      const read = await readEach(ids, (id) => client.execution(id));
      return {
        rows: read.values.map((reply) => executionRow(reply, session.backend.backend)),
        ...(next && { next }),
        scanned: ids.length,
        partitions,
        partitionsFrom,
        problems: [...problems, ...read.problems],
        requests: requests + ids.length,
      };
    },
    "flowfabric.executions.get": async ({ connectionId, executionId }) => {
      const session = parts.session(connectionId);
      return executionRow(await session.requireClient().execution(executionId), session.backend.backend);
    },
    "flowfabric.executions.state": async ({ connectionId, executionId }) => ({
      publicState: await parts.session(connectionId).requireClient().executionState(executionId),
    }),
    "flowfabric.executions.result": async ({ connectionId, executionId }) =>
      describeBytes(await parts.session(connectionId).requireClient().executionResult(executionId)),
    "flowfabric.executions.stream": async ({ connectionId, executionId, attempt, ...range }) => {
      const client = parts.session(connectionId).requireClient();
      const { after, waitMs, limit, from, to } = range;
      return framesOf(
        after === undefined
          ? await client.readStream(executionId, attempt, { from, to, limit })
          : await client.tailStream(executionId, attempt, { after, blockMs: waitMs, limit }),
      );
    },
    "flowfabric.waitpoints.list": async ({ connectionId, executionId }) => {
      const client = parts.session(connectionId).requireClient();
      return (await client.pendingWaitpoints(executionId)).map(waitpointRow);
    },
    "flowfabric.waitpoints.scan": (input) => scanWaitpoints(parts, input),
    "flowfabric.waitpoints.token": async ({ connectionId, executionId, waitpointId }) => {
      const client = parts.session(connectionId).requireClient();
      const token = await client.readWaitpointToken(executionId, waitpointId);
      if (token !== undefined) return { token };
      throw new Failure({
        code: "not_found",
        message: "There is no token: the waitpoint was used, has expired, or does not exist.",
        hint: "Servers before 0.14 have no such route and answer the same.",
      });
    },
  };
}

type ScanInput = Parameters<Handlers<QueryOperations>["flowfabric.waitpoints.scan"]>[0];

/** Only suspended executions have open waitpoints worth asking for; the state is asked first. */
async function scanWaitpoints(parts: QueryParts, { connectionId, from, limit }: ScanInput) {
  const session = parts.session(connectionId);
  const client = session.requireClient();
  const told = parts.partitionCount(connectionId);
  const scan = await scanExecutions(session, { from, limit, told });
  const { ids, next, problems, partitions, partitionsFrom } = scan;
  let requests = scan.requests + ids.length;
  const read = await readEach(ids, async (id) => {
    if ((await client.executionState(id)) !== "suspended") return [];
    requests += 1;
    return client.pendingWaitpoints(id);
  });
  const rows = read.values.flat().map(waitpointRow);
  return {
    rows,
    byKey: countByKey(rows),
    ...(next && { next }),
    scanned: ids.length,
    partitions,
    partitionsFrom,
    hiddenPossible: read.values.filter((list) => list.length >= waitpointLimit).length,
    problems: [...problems, ...read.problems],
    requests,
  };
}

function countByKey(rows: readonly WaitpointRow[]): { keyId: string; open: number }[] {
  const counts = new Map<string, number>();
  for (const { keyId } of rows) counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
  return [...counts].map(([keyId, open]) => ({ keyId, open })).sort((left, right) => right.open - left.open);
}

/** Text where the bytes are UTF-8, and only the beginning of it. */
function describeBytes(bytes: Buffer): { bytes: number; text?: string; cut: boolean } {
  const shown = bytes.subarray(0, shownBytes);
  const cut = bytes.length > shownBytes;
  try {
    // `stream` leaves a character that was cut in half at the end alone.
    return {
      bytes: bytes.length,
      text: new TextDecoder("utf-8", { fatal: true }).decode(shown, { stream: cut }),
      cut,
    };
  } catch {
    return { bytes: bytes.length, cut };
  }
}

function framesOf({ frames, closed_at: closedAt, closed_reason: closedReason }: StreamReply) {
  return {
    frames,
    ...(closedAt !== undefined && { closedAt: timeOfNumber(closedAt) }),
    ...(closedReason !== undefined && { closedReason }),
  };
}
