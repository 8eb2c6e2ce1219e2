import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { isAtLeast } from "../../../shared/lattice/version.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { InventoryDraft } from "./inventory-draft.ts";
import { componentRow, isManagedByWadm, providerRow, sameMap } from "./inventory-rows.ts";
import type { WorkloadMemo } from "./inventory-state.ts";

type EventOf<Type extends KnownEvent["type"]> = Extract<KnownEvent, { type: Type }>;

/** An event and whether it came while its host's inventory was being read, which may or may not include it. */
export interface WorkloadFact<Event> {
  event: Event;
  overlapping: boolean;
}

/** A zero this soon after a count is taken for the second half of an update until the host was asked. */
const updatePairMs = 1_000;

/**
 * Folds `component_scaled` (wasmcloud-control §2.6, §2.7, traps 6, 9 and 10): it proves the count; a resize carries the
 * old reference and annotations and an update ends in a zero, so the host is asked wherever the event cannot tell.
 */
export function foldScaled(draft: InventoryDraft, fact: WorkloadFact<EventOf<"component_scaled">>): void {
  const { event } = fact;
  const before = draft.state.component(event.source, event.componentId);
  // Made once: a text that is put together has to be hashed anew.
  const key = `c/${event.componentId}`;
  const known = { before, key, memo: memoOf(draft, event.source, key) };
  if (isLate(draft, known.memo, event)) draft.needsRead(event.source);
  else if (event.maxInstances === 0) foldZero(draft, event, known);
  else foldCount(draft, fact, known);
}

/** What is known of a component so far; its memo is kept under the key. */
interface KnownComponent {
  before: ComponentRow | undefined;
  key: string;
  memo: WorkloadMemo | undefined;
}

function foldZero(
  draft: InventoryDraft,
  event: EventOf<"component_scaled">,
  { before, key, memo }: KnownComponent,
): void {
  const at = event.timeMs ?? draft.now;
  const mayBeUpdate =
    memo?.zeroExpected === true ||
    event.imageReference !== before?.imageReference ||
    at - (memo?.positiveMs ?? Number.NEGATIVE_INFINITY) < updatePairMs;
  // 1.0.0 says zero whenever it ends an instance, also alone and while the component runs on (wasmcloud-control trap 56).
  const ends = isAtLeast(draft.host(event.source).version, "1.0.1") === true;
  draft.putMemo(event.source, key, {
    ...memo,
    timeMs: event.timeMs,
    seenMs: draft.now,
    zeroExpected: false,
  });
  if (!before) return;
  if (mayBeUpdate || !ends) draft.needsRead(event.source);
  else draft.removeComponent(before);
}

function foldCount(
  draft: InventoryDraft,
  { event, overlapping }: WorkloadFact<EventOf<"component_scaled">>,
  { before, key, memo }: KnownComponent,
): void {
  const { source: hostId, componentId: id, maxInstances } = event;
  const updated = before !== undefined && event.imageReference !== before.imageReference && !overlapping;
  draft.putMemo(hostId, key, {
    timeMs: event.timeMs,
    seenMs: draft.now,
    positiveMs: event.timeMs ?? draft.now,
    zeroExpected: updated || (memo?.zeroExpected === true && overlapping),
  });
  if (!before) {
    // The limits are in the inventory only.
    draft.needsRead(hostId);
    const { imageReference, annotations, name, revision = 0 } = event;
    const description = { id, imageReference, annotations, maxInstances, revision, name };
    draft.putComponent({
      ...componentRow(draft.host(hostId), description, undefined),
      changedAt: draft.nowText,
    });
    return;
  }
  const same = !updated && before.maxInstances === maxInstances && !before.lastFailure;
  // The second event of a first start, or a scale to what runs already; a silent change of the config's annotations
  // is left to the next heartbeat.
  if (same && sameMap(before.annotations, event.annotations)) return;
  // What a resize did to reference, annotations and limits is in the inventory only.
  draft.needsRead(hostId);
  if (same) return;
  const { lastFailure: _settled, ...rest } = before;
  // An image that changed while nothing was heard is left to the reading that compares it with the old one.
  const update = updated && !draft.track(hostId).missedEvents ? updateOf(event) : {};
  draft.putComponent({ ...rest, ...update, maxInstances, changedAt: draft.nowText });
}

/** An update's event carries the new reference and the new annotations (wasmcloud-control §5.4). */
function updateOf({ imageReference, annotations, name, revision }: EventOf<"component_scaled">) {
  return {
    imageReference,
    annotations,
    managedByWadm: isManagedByWadm(annotations),
    ...(name === undefined ? {} : { name }),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Keeps a failed scale with the component, where it runs; the row's settings stay, for nothing was changed. */
export function foldScaleFailed(draft: InventoryDraft, event: EventOf<"component_scale_failed">): void {
  const row = draft.state.component(event.source, event.componentId);
  if (!row || row.lastFailure?.message === event.error) return;
  draft.putComponent({ ...row, lastFailure: { at: draft.nowText, message: event.error } });
}

/** Folds `provider_started`; a first health is unknown until an event tells (wasmcloud-control §4.9, §4.11). */
export function foldProviderStarted(draft: InventoryDraft, event: EventOf<"provider_started">): void {
  const { source: hostId, providerId: id, imageReference, annotations, name } = event;
  if (noteProvider(draft, event)) return;
  const before = draft.state.provider(hostId, id);
  if (before && before.imageReference === imageReference && sameMap(before.annotations, annotations)) return;
  const description = {
    id,
    imageReference,
    annotations,
    revision: before?.revision ?? 0,
    name: name ?? before?.name,
  };
  const row = providerRow(draft.host(hostId), description, before);
  draft.putProvider({ ...row, changedAt: draft.nowText });
  draft.needsRead(hostId);
}

/** Folds `provider_stopped`, which only the stop command causes (wasmcloud-control §4.10). */
export function foldProviderStopped(draft: InventoryDraft, event: EventOf<"provider_stopped">): void {
  if (noteProvider(draft, event)) return;
  const before = draft.state.provider(event.source, event.providerId);
  if (before) draft.removeProvider(before);
}

/** Keeps a failed start with the provider of that id, where one runs. */
export function foldProviderFailed(draft: InventoryDraft, event: EventOf<"provider_start_failed">): void {
  const row = draft.state.provider(event.source, event.providerId);
  if (!row || row.lastFailure?.message === event.error) return;
  draft.putProvider({ ...row, lastFailure: { at: draft.nowText, message: event.error } });
}

/** Remembers the event about a provider; true when it came too late to count. */
export function noteProvider(draft: InventoryDraft, event: KnownEvent & { providerId: string }): boolean {
  const key = `p/${event.providerId}`;
  const memo = memoOf(draft, event.source, key);
  if (isLate(draft, memo, event)) {
    draft.needsRead(event.source);
    return true;
  }
  draft.putMemo(event.source, key, { timeMs: event.timeMs, seenMs: draft.now, zeroExpected: false });
  return false;
}

function memoOf(draft: InventoryDraft, hostId: string, key: string): WorkloadMemo | undefined {
  return draft.entry(hostId)?.memos.get(key);
}

/** Whether a newer event about the same workload was seen lately. */
function isLate(draft: InventoryDraft, memo: WorkloadMemo | undefined, event: KnownEvent): boolean {
  if (memo?.timeMs === undefined || event.timeMs === undefined) return false;
  const fresh = draft.now - memo.seenMs < 2 * draft.track(event.source).periodMs;
  return fresh && event.timeMs < memo.timeMs;
}
