import type { ComponentRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import type { ComponentDescription, ProviderDescription, StringMap } from "../client/control-types.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { ListedWorkloads } from "./host-facts.ts";
import type { HostEntry } from "./hosts.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime, sameMap } from "./rows.ts";

export interface WorkloadReference {
  hostId: string;
  id: string;
}

/** What the newest event about one workload said; it outlives the row, so that an older event cannot revive it. */
export interface WorkloadMemo {
  /** By the host's clock. */
  readonly timeMs?: number | undefined;
  /** By the console's clock. */
  readonly seenMs: number;
}

/** What a fact changes in the workloads of one kind. */
export interface WorkloadChanges<Row, Memo> {
  readonly rows: readonly Row[];
  readonly removed: readonly WorkloadReference[];
  readonly memos: readonly (WorkloadReference & { memo: Memo })[];
  /** Memos of this host that were last seen before `beforeMs` have no more effect. */
  readonly forgotten?: { hostId: string; beforeMs: number } | undefined;
  /** The host's inventory must be read, because the fact alone cannot tell. */
  readonly needsRead: boolean;
}

export const noWorkloadChanges = { rows: [], removed: [], memos: [], needsRead: false };

interface HostWorkloads<Row, Memo> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly memos: ReadonlyMap<string, Memo>;
}

const nothing = { rows: new Map<string, never>(), memos: new Map<string, never>() };

/** The workloads of one kind by host and id. */
export abstract class WorkloadMap<Row extends WorkloadReference, Memo extends WorkloadMemo> {
  readonly #hosts = new Map<string, { rows: Map<string, Row>; memos: Map<string, Memo> }>();
  readonly #limits: { all: number; perHost: number };
  #size = 0;

  constructor(limits: { all: number; perHost: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  on(hostId: string): HostWorkloads<Row, Memo> {
    return this.#hosts.get(hostId) ?? nothing;
  }

  get(hostId: string, id: string): Row | undefined {
    return this.#hosts.get(hostId)?.rows.get(id);
  }

  rows(): Row[] {
    const rows: Row[] = [];
    for (const host of this.#hosts.values()) rows.push(...host.rows.values());
    return rows;
  }

  /** Those of the rows of one host that there is room for: what is known already has its place. */
  withRoom(hostId: string, rows: readonly Row[]): readonly Row[] {
    const known = this.on(hostId).rows;
    let room = Math.min(this.#limits.perHost - known.size, this.#limits.all - this.#size);
    if (room >= rows.length) return rows;
    return rows.filter(({ id }) => {
      if (known.has(id)) return true;
      room -= 1;
      return room >= 0;
    });
  }

  commit(changes: WorkloadChanges<Row, Memo>, removedHosts: readonly string[]): void {
    for (const { hostId, id, memo } of changes.memos) this.#remember(hostId, id, memo);
    if (changes.forgotten) this.#forget(changes.forgotten);
    for (const { hostId, id } of changes.removed) this.#remove(hostId, id);
    for (const row of changes.rows) this.#put(row);
    for (const hostId of removedHosts) this.#hosts.delete(hostId);
  }

  /** Keeps sums: one row takes the place of another, is new, or goes. */
  protected abstract replaced(before: Row | undefined, after: Row | undefined): void;

  #host(hostId: string) {
    const known = this.#hosts.get(hostId);
    if (known) return known;
    const fresh = { rows: new Map<string, Row>(), memos: new Map<string, Memo>() };
    this.#hosts.set(hostId, fresh);
    return fresh;
  }

  #put(row: Row): void {
    const { rows } = this.#host(row.hostId);
    const before = rows.get(row.id);
    if (!before) this.#size += 1;
    rows.set(row.id, row);
    this.replaced(before, row);
  }

  #remove(hostId: string, id: string): void {
    const rows = this.#hosts.get(hostId)?.rows;
    const before = rows?.get(id);
    if (!before) return;
    rows?.delete(id);
    this.#size -= 1;
    this.replaced(before, undefined);
  }

  #remember(hostId: string, id: string, memo: Memo): void {
    const { memos } = this.#host(hostId);
    memos.set(id, memo);
    if (memos.size <= inventoryLimits.memosPerHost) return;
    const [oldest] = memos.keys();
    if (oldest !== undefined) memos.delete(oldest);
  }

  #forget({ hostId, beforeMs }: { hostId: string; beforeMs: number }): void {
    const memos = this.#hosts.get(hostId)?.memos;
    for (const [id, memo] of memos ?? []) if (memo.seenMs < beforeMs) memos?.delete(id);
  }
}

/** Whether a newer event about the same workload was seen lately. */
export function isLate(
  memo: WorkloadMemo | undefined,
  event: KnownEvent,
  { track }: HostEntry,
  now: number,
): boolean {
  if (memo?.timeMs === undefined || event.timeMs === undefined) return false;
  return now - memo.seenMs < 2 * track.periodMs && event.timeMs < memo.timeMs;
}

/** The rows of a list that differ from what is known, and what it no longer holds. */
export function listDifference<Row extends WorkloadReference & { hostName: string; changedAt?: string }>(
  before: ReadonlyMap<string, Row>,
  listed: readonly Row[],
  { known, inventory }: ListedWorkloads,
  now: number,
): { rows: readonly Row[]; removed: readonly Row[] } {
  // Of those that are listed twice the last counts.
  const after = new Map<string, Row>();
  for (const row of listed) after.set(row.id, row);
  const rows: Row[] = [];
  for (const row of after.values()) {
    const old = before.get(row.id);
    if (row === old) continue;
    rows.push(known && differs(row, old) ? { ...row, changedAt: isoTime(now) } : row);
  }
  return { rows, removed: missing(before, after, inventory.skipped) };
}

/** What is no longer listed; but as many as could not be read may well be among the unreadable ones. */
function missing<Row>(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  unreadable: number,
): Row[] {
  const gone: Row[] = [];
  for (const [id, row] of before) if (!after.has(id)) gone.push(row);
  const unknowable = gone.length <= unreadable && before.size <= inventoryLimits.componentsPerHost / 2;
  return unknowable ? [] : gone;
}

/** Whether more differs than the name of the host. */
function differs<Row extends { hostName: string }>(row: Row, before: Row | undefined): boolean {
  if (!before) return true;
  const fields = Object.keys({ ...before, ...row }) as (keyof Row)[];
  return fields.some(
    (field) => field !== "hostName" && JSON.stringify(row[field]) !== JSON.stringify(before[field]),
  );
}

type HostName = Pick<HostEntry["row"], "id" | "friendlyName">;
type Description = ComponentDescription | ProviderDescription;

/** Whether a row says what the host describes, in the fields that components and providers share. */
export function isDescribed(
  host: HostName,
  description: Description,
  row: ComponentRow | ProviderRow,
): boolean {
  return (
    row.imageReference === description.imageReference &&
    row.revision === description.revision &&
    row.name === description.name &&
    row.hostName === host.friendlyName &&
    sameMap(row.annotations, description.annotations ?? {})
  );
}

/** The fields that components and providers share. */
export function sharedFields(
  host: HostName,
  description: Description,
  before: ComponentRow | ProviderRow | undefined,
) {
  const annotations = description.annotations ?? {};
  return {
    hostId: host.id,
    hostName: host.friendlyName,
    id: description.id,
    name: description.name,
    annotations,
    revision: description.revision,
    managedByWadm: isManagedByWadm(annotations),
    changedAt: before?.changedAt,
    lastFailure: before?.lastFailure,
  };
}

/** Whether wadm manages the workload, by the annotations it writes (wasmcloud-control trap 42). */
export function isManagedByWadm(annotations: StringMap): boolean {
  return "wasmcloud.dev/managed-by" in annotations || "wasmcloud.dev/appspec" in annotations;
}
