import { asFailure } from "../../shared/contract/index.ts";
import type { ScanPlace } from "../../shared/flowfabric/execution-schema.ts";
import { forEachBounded } from "./bounded.ts";
import type { FlowfabricClient } from "./client.ts";
import { readPartitionCount, usualPartitions } from "./partitions.ts";
import type { FlowfabricSession } from "./session.ts";

export interface ScanWish {
  from?: ScanPlace | undefined;
  onlyPartition?: number | undefined;
  limit: number;
}

export interface Scan {
  ids: string[];
  /** Where the next one goes on; undefined when all partitions were read. */
  next: ScanPlace | undefined;
  partitions: number;
  partitionsFrom: "valkey" | "assumed";
  problems: { where: string; message: string }[];
}

const listsAtOnce = 16;
const pageLimit = 1_000;

/** Reads ids of executions partition by partition; a partition that cannot be read is told and passed over. */
export async function scanExecutions(session: FlowfabricSession, wish: ScanWish): Promise<Scan> {
  const client = session.requireClient();
  const counted = session.store && (await readPartitionCount(session.store).catch(() => undefined));
  const partitions = counted ?? usualPartitions;
  const scan: Scan = {
    ids: [],
    next: wish.from ?? { partition: wish.onlyPartition ?? 0, cursor: "" },
    partitions,
    partitionsFrom: counted === undefined ? "assumed" : "valkey",
    problems: [],
  };
  const end = wish.onlyPartition === undefined ? partitions : wish.onlyPartition + 1;
  while (scan.next && scan.ids.length < wish.limit) await readSome(client, scan, { end, limit: wish.limit });
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
  const pages = await Promise.all(places.map((place) => readPage(client, scan, place)));
  for (const [index, page] of pages.entries()) {
    const { partition } = places[index] ?? start;
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

async function readPage(
  client: FlowfabricClient,
  scan: Scan,
  { partition, cursor }: ScanPlace,
): Promise<{ executions: string[]; next_cursor: string | null }> {
  try {
    return await client.listExecutions(partition, { cursor, limit: pageLimit });
  } catch (error) {
    const failure = asFailure(error);
    // What one partition cannot do, none can: a token, a backend without listing, nobody there.
    if (failure.code !== "upstream_refused" || failure.details?.kind === "unavailable") throw failure;
    scan.problems.push({ where: `partition ${partition}`, message: failure.message });
    return { executions: [], next_cursor: null };
  }
}

/** Reads something of each id, many at once; what cannot be read is told, what is gone is left out. */
export async function readEach<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<{ values: T[]; problems: { where: string; message: string }[] }> {
  const values: (T | undefined)[] = [];
  const problems: { where: string; message: string }[] = [];
  await forEachBounded(ids, listsAtOnce, async (id, index) => {
    try {
      values[index] = await read(id);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === "unauthenticated" || failure.code === "internal") throw failure;
      if (failure.code !== "not_found") problems.push({ where: id, message: failure.message });
    }
  });
  return { values: values.filter((value): value is T => value !== undefined), problems };
}
