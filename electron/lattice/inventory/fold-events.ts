import { isHostEvent } from "../events/decode-event-data.ts";
import type { DecodedEvent, KnownEvent, MalformedEvent } from "../events/event-types.ts";
import { foldHealth } from "./fold-health.ts";
import { foldHeartbeat } from "./fold-inventory.ts";
import { foldLinkDeleted, foldLinkSet } from "./fold-links.ts";
import {
  foldProviderFailed,
  foldProviderStarted,
  foldProviderStopped,
  foldScaled,
  foldScaleFailed,
} from "./fold-workloads.ts";
import { afterEvent, isOlder, isSignOfLife } from "./host-track.ts";
import type { InventoryDraft } from "./inventory-draft.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime } from "./inventory-rows.ts";

type EventOf<Type extends KnownEvent["type"]> = Extract<KnownEvent, { type: Type }>;

/** Uptime is in whole seconds and travels for a while. */
const uptimeSlackMs = 3_000;

/** Folds any event; the host is its `source`, links and configs are whose host ever it is (wasmcloud-control §4.1, trap 14). */
export function foldEvent(draft: InventoryDraft, event: DecodedEvent, overlapping: boolean): void {
  if (event.source !== "" && draft.isFullFor(event.source, "by-event")) {
    // A host that answers is listed all the same.
    draft.needsRead(event.source);
    if (event.kind === "known") foldLatticeEvent(draft, event, overlapping);
  } else if (event.kind === "malformed") foldMalformed(draft, event);
  else if (event.kind === "unknown" || !isHostEvent(event.type)) {
    if (event.source !== "") noteLife(draft, event);
    if (event.kind === "known") foldLatticeEvent(draft, event, overlapping);
  } else if (event.type === "host_heartbeat") foldBeat(draft, event);
  else if (isOutdated(draft, event)) draft.needsRead(event.source);
  else foldHostEvent(draft, event, overlapping);
}

function foldLatticeEvent(draft: InventoryDraft, event: KnownEvent, overlapping: boolean): void {
  if (event.type === "linkdef_set") {
    // What an event alone says has an end; the list that is read does not depend on it.
    if (draft.state.links.size >= inventoryLimits.links) draft.needsLinks();
    else foldLinkSet(draft, event.link);
  } else if (event.type === "linkdef_deleted") foldLinkDeleted(draft, event, overlapping);
}

function foldHostEvent(draft: InventoryDraft, event: KnownEvent, overlapping: boolean): void {
  if (event.type === "host_stopped") {
    foldStopped(draft, event);
    return;
  }
  noteLife(draft, event);
  if (event.type === "host_started") foldStarted(draft, event);
  else if (event.type === "labels_changed") draft.patchHost(event.source, { labels: event.labels });
  else {
    draft.setTrack({ ...draft.track(event.source), lastWorkloadMs: event.timeMs });
    foldWorkloadEvent(draft, event, overlapping);
  }
}

function foldWorkloadEvent(draft: InventoryDraft, event: KnownEvent, overlapping: boolean): void {
  if (event.type === "component_scaled") foldScaled(draft, { event, overlapping });
  else if (event.type === "component_scale_failed") foldScaleFailed(draft, event);
  else if (event.type === "provider_started") foldProviderStarted(draft, event);
  else if (event.type === "provider_stopped") foldProviderStopped(draft, event);
  else if (event.type === "provider_start_failed") foldProviderFailed(draft, event);
  else if (isHealthEvent(event)) foldHealth(draft, event);
}

type HealthEvent = EventOf<"health_check_passed" | "health_check_failed" | "health_check_status">;

function isHealthEvent(event: KnownEvent): event is HealthEvent {
  return event.type.startsWith("health_check_");
}

function foldBeat(draft: InventoryDraft, event: EventOf<"host_heartbeat">): void {
  if (!isOnTime(draft, event) && isOutdated(draft, event)) {
    draft.needsRead(event.source);
    return;
  }
  const track = draft.track(event.source);
  const alive = isSignOfLife(track, event.timeMs);
  draft.setTrack(alive ? afterEvent(track, event.timeMs, draft.now) : { ...track, lastSeenMs: draft.now });
  foldHeartbeat(draft, event.source, event);
}

/** Whether the uptime is just what it must be by now: then the beat is new, even if the host set its clock back. */
function isOnTime(draft: InventoryDraft, event: EventOf<"host_heartbeat">): boolean {
  const entry = draft.entry(event.source);
  const { uptimeSeconds } = event.inventory;
  if (!entry?.row.startedAt || uptimeSeconds === undefined) return false;
  if (uptimeSeconds <= (entry.track.uptimeSeconds ?? 0)) return false;
  return Math.abs(draft.now - uptimeSeconds * 1_000 - Date.parse(entry.row.startedAt)) < uptimeSlackMs;
}

function isOutdated(draft: InventoryDraft, event: KnownEvent): boolean {
  const entry = draft.entry(event.source);
  if (!entry) return false;
  if (isOlder(entry.track, event.timeMs, draft.now)) return true;
  return entry.row.status === "stopped" && !isSignOfLife(entry.track, event.timeMs);
}

/** A fresh process has nothing running, whatever ran before under the same id. */
function foldStarted(draft: InventoryDraft, event: EventOf<"host_started">): void {
  const { friendlyName, version } = draft.host(event.source);
  draft.removeWorkloads(event.source);
  draft.patchHost(event.source, {
    friendlyName: event.friendlyName || friendlyName,
    version: event.version || version,
    labels: event.labels,
    startedAt: isoTime(draft.now - (event.uptimeSeconds ?? 0) * 1_000),
    problem: undefined,
  });
  draft.setTrack({
    ...draft.track(event.source),
    uptimeSeconds: event.uptimeSeconds,
    lastHeartbeatMs: undefined,
    identified: false,
  });
  draft.needsRead(event.source);
}

/** Everything on the host is gone; the host itself stays, as stopped (wasmcloud-control §4.5, trap 21). */
function foldStopped(draft: InventoryDraft, event: EventOf<"host_stopped">): void {
  const entry = draft.entry(event.source);
  if (!entry || entry.row.status === "stopped") return;
  draft.removeWorkloads(event.source);
  draft.patchHost(event.source, { status: "stopped", statusSince: draft.nowText, problem: undefined });
  const track = afterEvent(entry.track, event.timeMs, draft.now);
  draft.setTrack({ ...track, stoppedMs: draft.now, lastHeartbeatMs: undefined });
}

/** An unreadable event still proves that a known host lives; what it would have said can be asked. */
function foldMalformed(draft: InventoryDraft, event: MalformedEvent): void {
  if (!draft.entry(event.source)) return;
  noteLife(draft, event);
  draft.needsRead(event.source);
}

/** A sign of life; a host that was not known before is shown from now on. */
function noteLife(draft: InventoryDraft, event: DecodedEvent): void {
  const { row } = draft.entry(event.source) ?? {};
  const track = draft.track(event.source);
  if (!isSignOfLife(track, event.timeMs)) return;
  draft.setTrack(afterEvent(track, event.timeMs, draft.now));
  draft.alive(event.source);
  if (!row?.inventoryAt || row.status === "stopped") draft.needsRead(event.source);
}
