import type { Host, HostInventory, Link } from "../client/control-types.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import { foldEvent } from "./fold-events.ts";
import { foldSilentProviders } from "./fold-health.ts";
import { foldHost, foldReply } from "./fold-inventory.ts";
import { foldLinks } from "./fold-links.ts";
import { type FoldContext, InventoryDraft } from "./inventory-draft.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime } from "./inventory-rows.ts";
import type { InventoryChanges } from "./inventory-state.ts";

/** Something learned about a lattice. Times are milliseconds by the console's clock. */
export type Fact =
  /** `overlapping`: it came while its host's inventory, or the list of links, was read and is folded once more after the reply. */
  | { kind: "event"; event: DecodedEvent; overlapping?: boolean }
  | { kind: "host"; host: Host; askedAt: number }
  | { kind: "inventory"; hostId: string; inventory: HostInventory; askedAt: number }
  /** `skipped`: so many more links could not be read. */
  | { kind: "links"; links: readonly Link[]; skipped?: number }
  /** A host did not answer. */
  | { kind: "silent"; hostId: string; message: string }
  /** The connection was lost: the next gap between heartbeats means nothing. */
  | { kind: "outage" }
  /** Facts can arrive again after a time in which none could: silence counts from now on. */
  | { kind: "resumed" }
  | { kind: "tick" };

/** What a fact changes in the state, which is only read; `commit` applies it. */
export function fold(context: FoldContext, fact: Fact): InventoryChanges {
  const draft = new InventoryDraft(context);
  if (fact.kind === "event") foldEvent(draft, fact.event, fact.overlapping ?? false);
  else if (fact.kind === "host") foldHost(draft, fact.host, fact.askedAt);
  else if (fact.kind === "inventory") foldReply(draft, fact);
  else if (fact.kind === "links") foldLinks(draft, fact.links, fact.skipped ?? 0);
  else if (fact.kind === "silent") foldSilence(draft, fact);
  else if (fact.kind === "outage") foldOutage(draft);
  else if (fact.kind === "resumed") foldResumed(draft);
  else foldTick(draft);
  return draft.finish();
}

function foldSilence(draft: InventoryDraft, { hostId, message }: { hostId: string; message: string }): void {
  const entry = draft.entry(hostId);
  if (entry && entry.row.status !== "stopped") draft.patchHost(hostId, { problem: message });
}

function foldOutage(draft: InventoryDraft): void {
  for (const [hostId, { track }] of draft.state.hosts)
    draft.putTrack(hostId, { ...track, lastHeartbeatMs: undefined, missedEvents: true });
}

/** Nobody is called lost, and no provider silent, because the console was away. */
function foldResumed(draft: InventoryDraft): void {
  for (const [hostId, { row, track }] of draft.state.hosts) {
    draft.restartPulses(hostId);
    if (row.status === "live" || row.status === "stale")
      draft.putTrack(hostId, { ...track, lastSeenMs: draft.now });
  }
}

/** A host is stale after two periods without a sign of life, lost after four. */
function foldTick(draft: InventoryDraft): void {
  for (const { row, track } of draft.state.hosts.values()) {
    if (row.status === "stopped" || row.status === "lost") continue;
    const silentMs = draft.now - track.lastSeenMs;
    if (silentMs > 4 * track.periodMs) {
      draft.putHostRow({ ...row, status: "lost", statusSince: draft.nowText });
    } else if (row.status === "live" && silentMs > 2 * track.periodMs) {
      draft.putHostRow({ ...row, status: "stale", statusSince: draft.nowText });
    }
  }
  foldSilentProviders(draft);
  const { lost, stopped } = draft.state.totals.hosts;
  if (stopped > inventoryLimits.stoppedHosts) dropOldest(draft, "stopped", inventoryLimits.stoppedHosts);
  if (lost > 0) dropOldest(draft, "lost", inventoryLimits.lostHosts);
}

/** Hosts that are gone stay visible; of too many those go first that never answered, and then the oldest. */
function dropOldest(draft: InventoryDraft, status: "stopped" | "lost", kept: number): void {
  const gone = [...draft.state.hosts.values()].filter(({ row }) => row.status === status);
  const since = isoTime(draft.now - inventoryLimits.lostForMs);
  gone.sort(
    (a, b) =>
      Number(a.track.answered) - Number(b.track.answered) || (a.row.statusSince < b.row.statusSince ? -1 : 1),
  );
  for (const [place, { row }] of gone.entries()) {
    if (place < gone.length - kept || (status === "lost" && row.statusSince < since)) draft.removeHost(row);
  }
}
