import type { ComponentRow, HostRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import type { ComponentDescription } from "../client/control-types.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { ListedWorkloads, WorkloadFact } from "./host-facts.ts";
import type { HostEntry } from "./hosts.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime, sameMap, withoutUndefined } from "./rows.ts";
import {
  isDescribed,
  isLate,
  isManagedByWadm,
  listDifference,
  noWorkloadChanges,
  sharedFields,
  type WorkloadChanges,
  WorkloadMap,
  type WorkloadMemo,
  type WorkloadReference,
} from "./workloads.ts";

interface ComponentMemo extends WorkloadMemo {
  /** When the last event with a count above 0 came, by the host's clock where known. */
  readonly positiveMs?: number | undefined;
  /** That event changed the image: an update, whose zero event is still to come (wasmcloud-control §2.7). */
  readonly zeroExpected: boolean;
}

/** What a fact changes in the components. */
export interface ComponentChanges extends WorkloadChanges<ComponentRow, ComponentMemo> {
  /** Components whose image was another one before the connection was lost, in the same process of their host. */
  readonly changedImages: readonly WorkloadReference[];
}

export const noComponentChanges: ComponentChanges = {
  ...noWorkloadChanges,
  changedImages: [],
};

/** The components of a lattice by host and id. */
export class Components extends WorkloadMap<ComponentRow, ComponentMemo> {
  readonly #spread = new Map<string, number>();

  constructor() {
    super({ all: inventoryLimits.components, perHost: inventoryLimits.componentsPerHost });
  }

  /** On how many hosts each component id runs. */
  get spread(): ReadonlyMap<string, number> {
    return this.#spread;
  }

  protected replaced(before: ComponentRow | undefined, after: ComponentRow | undefined): void {
    if (before && after) return;
    const id = (before ?? after)?.id ?? "";
    const count = (this.#spread.get(id) ?? 0) + (after ? 1 : -1);
    if (count === 0) this.#spread.delete(id);
    else this.#spread.set(id, count);
  }
}

const unbounded = 4_294_967_295;

/** How much a component adds to the host's instance count; unbounded counts as 1. */
export function instancesOf(row: Pick<ComponentRow, "maxInstances"> | undefined): number {
  if (!row) return 0;
  return row.maxInstances === unbounded ? 1 : row.maxInstances;
}

/** Folds what a fact says about the components of one host. */
export function foldComponents(
  components: Components,
  host: HostEntry,
  fact: WorkloadFact,
  now: number,
): ComponentChanges {
  if (fact.kind === "gone")
    return { ...noComponentChanges, removed: [...components.on(host.row.id).rows.values()] };
  if (fact.kind === "listed") return foldListed(components, host, fact, now);
  const { event, overlapping } = fact;
  if (event.type === "component_scaled") return foldScaled(components, host, { event, overlapping }, now);
  if (event.type === "component_scale_failed") return foldScaleFailed(components, event, now);
  return noComponentChanges;
}

function foldListed(
  components: Components,
  { row: host }: HostEntry,
  fact: ListedWorkloads,
  now: number,
): ComponentChanges {
  const before = components.on(host.id).rows;
  const listed: ComponentRow[] = [];
  for (const each of fact.inventory.components)
    if (each.id !== "") listed.push(componentRow(host, each, before.get(each.id)));
  const { rows, removed } = listDifference(before, listed, fact, now);
  const isOther = (row: ComponentRow): boolean =>
    (before.get(row.id)?.imageReference ?? row.imageReference) !== row.imageReference;
  const { forgetBeforeMs: beforeMs } = fact;
  return {
    ...noComponentChanges,
    rows: components.withRoom(host.id, rows),
    removed,
    forgotten: beforeMs === undefined ? undefined : { hostId: host.id, beforeMs },
    changedImages: fact.unwitnessed ? rows.filter(isOther) : [],
    // What the host was asked to do at this very moment may be missing in what it collected just before.
    needsRead: fact.raced && rows.length + removed.length > 0,
  };
}

type Scaled = Extract<KnownEvent, { type: "component_scaled" }>;

/** What is known of a component when an event about it comes. */
interface Known {
  readonly before: ComponentRow | undefined;
  readonly memo: ComponentMemo | undefined;
}

/**
 * Folds `component_scaled` (wasmcloud-control §2.6, §2.7, traps 6, 9 and 10): it proves the count; a resize carries the
 * old reference and annotations and an update ends in a zero, so the host is asked wherever the event cannot tell.
 */
function foldScaled(
  components: Components,
  host: HostEntry,
  fact: { event: Scaled; overlapping: boolean },
  now: number,
): ComponentChanges {
  const { event, overlapping } = fact;
  const { source: hostId, componentId: id } = event;
  const { rows, memos } = components.on(hostId);
  const known: Known = { before: rows.get(id), memo: memos.get(id) };
  if (isLate(known.memo, event, host, now)) return { ...noComponentChanges, needsRead: true };
  if (event.maxInstances === 0) return foldZero(host, event, known, now);
  const updated =
    known.before !== undefined && event.imageReference !== known.before.imageReference && !overlapping;
  const memo: ComponentMemo = {
    timeMs: event.timeMs,
    seenMs: now,
    positiveMs: event.timeMs ?? now,
    zeroExpected: updated || (known.memo?.zeroExpected === true && overlapping),
  };
  const { row, needsRead } = known.before
    ? resized(host, event, { before: known.before, updated }, now)
    : { row: discovered(host, event, now), needsRead: true };
  return {
    rows: row ? components.withRoom(hostId, [row]) : noComponentChanges.rows,
    removed: noComponentChanges.removed,
    memos: [{ hostId, id, memo }],
    changedImages: noComponentChanges.changedImages,
    needsRead,
  };
}

/** A zero this soon after a count is taken for the second half of an update until the host was asked. */
const updatePairMs = 1_000;

function foldZero(host: HostEntry, event: Scaled, { before, memo }: Known, now: number): ComponentChanges {
  const { source: hostId, componentId: id } = event;
  const at = event.timeMs ?? now;
  const mayBeUpdate =
    memo?.zeroExpected === true ||
    event.imageReference !== before?.imageReference ||
    at - (memo?.positiveMs ?? Number.NEGATIVE_INFINITY) < updatePairMs;
  // 1.0.0 says zero whenever it ends an instance, also alone and while the component runs on (wasmcloud-control trap 56).
  const ends = isAtLeast(host.row.version, "1.0.1") === true;
  const isDoubtful = mayBeUpdate || !ends;
  return {
    ...noComponentChanges,
    removed: before && !isDoubtful ? [before] : [],
    memos: [{ hostId, id, memo: { ...memo, timeMs: event.timeMs, seenMs: now, zeroExpected: false } }],
    needsRead: before !== undefined && isDoubtful,
  };
}

/** A component that only an event tells of so far; its limits are in the inventory only. */
function discovered({ row: host }: HostEntry, event: Scaled, now: number): ComponentRow {
  const { componentId: id, imageReference, annotations, maxInstances, name, revision = 0 } = event;
  const description = { id, imageReference, annotations, maxInstances, revision, name };
  return { ...componentRow(host, description, undefined), changedAt: isoTime(now) };
}

function resized(
  { track }: HostEntry,
  event: Scaled,
  { before, updated }: { before: ComponentRow; updated: boolean },
  now: number,
): { row?: ComponentRow; needsRead: boolean } {
  const { maxInstances } = event;
  const same = !updated && before.maxInstances === maxInstances && !before.lastFailure;
  // The second event of a first start, or a scale to what runs already; a silent change of the config's annotations
  // is left to the next heartbeat.
  if (same && sameMap(before.annotations, event.annotations)) return { needsRead: false };
  // What a resize did to reference, annotations and limits is in the inventory only.
  if (same) return { needsRead: true };
  const { lastFailure: _settled, ...rest } = before;
  // An image that changed while nothing was heard is left to the reading that compares it with the old one.
  const update = updated && !track.missedEvents ? updateOf(event) : {};
  return { row: { ...rest, ...update, maxInstances, changedAt: isoTime(now) }, needsRead: true };
}

/** An update's event carries the new reference and the new annotations (wasmcloud-control §5.4). */
function updateOf({ imageReference, annotations, name, revision }: Scaled) {
  return {
    imageReference,
    annotations,
    managedByWadm: isManagedByWadm(annotations),
    ...(name === undefined ? {} : { name }),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Keeps a failed scale with the component, where it runs; the row's settings stay, for nothing was changed. */
function foldScaleFailed(
  components: Components,
  event: Extract<KnownEvent, { type: "component_scale_failed" }>,
  now: number,
): ComponentChanges {
  const row = components.get(event.source, event.componentId);
  if (!row || row.lastFailure?.message === event.error) return noComponentChanges;
  const lastFailure = { at: isoTime(now), message: event.error };
  return { ...noComponentChanges, rows: [{ ...row, lastFailure }] };
}

/** The row of a component as its host describes it; the given row itself where nothing differs. */
export function componentRow(
  host: Pick<HostRow, "id" | "friendlyName">,
  description: ComponentDescription,
  before: ComponentRow | undefined,
): ComponentRow {
  const same =
    before &&
    isDescribed(host, description, before) &&
    before.maxInstances === description.maxInstances &&
    sameMap(before.limits, description.limits);
  if (same) return before;
  return withoutUndefined({
    ...sharedFields(host, description, before),
    imageReference: description.imageReference,
    maxInstances: description.maxInstances,
    limits: description.limits,
  });
}
