import { asFailure, type Failure } from "../../../shared/contract/index.ts";
import type { PartitionsFrom, ScanPlace } from "../../../shared/flowfabric/execution-schema.ts";
import type { FlowfabricClient } from "../client/client.ts";
import { answerDetails } from "../client/http-failure.ts";
import type { FlowfabricSession } from "../session/session.ts";
import { forEachBounded } from "../valkey/bounded.ts";
import { defaultPartitions, readPartitionCount } from "../valkey/partitions.ts";

export interface ScanParams {
  from?: ScanPlace | undefined;
  onlyPartition?: number | undefined;
  limit: number;
  /** How many partitions the server has spoken of. */
  told: number | undefined;
}

export interface Scan {
  ids: string[];
  /** Where the next one goes on; undefined when all partitions were read. */
  next: ScanPlace | undefined;
  partitions: number;
  partitionsFrom: PartitionsFrom;
  problems: { where: string; message: string }[];
  /** Requests that it took. */
  requests: number;
}

const listsAtOnce = 16;
const pageLimit = 1_000;

/** Reads ids of executions partition by partition; a partition that cannot be read is told and passed over. */
export async function scanExecutions(session: FlowfabricSession, params: ScanParams): Promise<Scan> {
  const client = session.requireClient();
  const counted = session.store && (await readPartitionCount(session.store).catch(() => undefined));
  const partitions = counted ?? params.told ?? defaultPartitions;
  const scan: Scan = {
    ids: [],
    next: params.from ?? { partition: params.onlyPartition ?? 0, cursor: "" },
    partitions,
    partitionsFrom: counted !== undefined ? "valkey" : params.told !== undefined ? "reply" : "assumed",
    problems: [],
    requests: session.store ? 1 : 0,
  };
  const end = params.onlyPartition === undefined ? partitions : params.onlyPartition + 1;
  while (scan.next && scan.ids.length < params.limit)
    await readSome(client, scan, { end, limit: params.limit });
  return scan;
}

/** Reads the first page of the next partitions and takes what fits. */
async function readSome(
  client: FlowfabricClient,
  scan: Scan,
  { end, limit }: { end: number; limit: number },
): Promise<void> {
  const start = scan.next ?? { partition: end, cursor: "" };
  const count = Math.min(listsAtOnce, end - start.partition);
  if (count <= 0) {
    scan.next = undefined;
    return;
  }
  const places = Array.from({ length: count }, (_, index) =>
    index === 0 ? start : { partition: start.partition + index, cursor: "" },
  );
  scan.requests += places.length;
  const pages = await Promise.all(places.map((place) => readPage(client, place)));
  refuseOutage(pages);
  for (const [index, page] of pages.entries()) {
    const { partition } = places[index] ?? start;
    if (page.failure) scan.problems.push({ where: `partition ${partition}`, message: page.failure.message });
    const room = limit - scan.ids.length;
    const taken = page.executions.slice(0, room);
    for (const id of taken) scan.ids.push(id);
    const cursor =
      taken.length < page.executions.length ? (taken.at(-1) ?? places[index]?.cursor) : page.next_cursor;
    scan.next = cursor == null ? after(partition, end) : { partition, cursor };
    if (cursor != null) return;
  }
}

function after(partition: number, end: number): ScanPlace | undefined {
  return partition + 1 < end ? { partition: partition + 1, cursor: "" } : undefined;
}

type Page = { executions: string[]; next_cursor: string | null; failure?: Failure };

async function readPage(client: FlowfabricClient, { partition, cursor }: ScanPlace): Promise<Page> {
  try {
    return await client.listExecutions(partition, { cursor, limit: pageLimit });
  } catch (error) {
    const failure = asFailure(error);
    if (concernsAll(failure)) throw failure;
    return { executions: [], next_cursor: null, failure };
  }
}

/** What one reading cannot do, none can: a token that is not accepted, a backend without the operation. */
function concernsAll(failure: Failure): boolean {
  const { code } = failure;
  return code === "unauthenticated" || code === "internal" || answerDetails(failure)?.kind === "unavailable";
}

/** Of a cluster one node may be down; where nothing at all could be read, an empty list would be a lie. */
function refuseOutage(readings: readonly { failure?: Failure | undefined }[]): void {
  const [first] = readings;
  if (first?.failure && readings.every(({ failure }) => failure)) throw first.failure;
}

/** Reads something of each id, many at once; what cannot be read is told, what is gone is left out. Throws where nothing can be read. */
export async function readEach<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<{ values: T[]; problems: { where: string; message: string }[] }> {
  const values: (T | undefined)[] = [];
  const failed: { where: string; failure: Failure }[] = [];
  await forEachBounded(ids, listsAtOnce, async (id, index) => {
    try {
      values[index] = await read(id);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === "not_found") return;
      failed.push({ where: id, failure });
      // Each waits for the backend's time-out: where the first ones get nothing, the others do not either.
      if (
        concernsAll(failure) ||
        (failed.length >= listsAtOnce && values.every((value) => value === undefined))
      )
        throw failure;
    }
  });
  const found = values.filter((value): value is T => value !== undefined);
  if (found.length === 0) refuseOutage(failed);
  return {
    values: found,
    problems: failed.map(({ where, failure }) => ({ where, message: failure.message })),
  };
}
