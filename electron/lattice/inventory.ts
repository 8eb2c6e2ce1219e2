import type { Host, HostInventory, Link } from "./control-types.ts";
import type { DecodedEvent } from "./event-types.ts";
import { foldEvent } from "./fold-events.ts";
import { foldHost, foldReply } from "./fold-inventory.ts";
import { foldLinks } from "./fold-links.ts";
import { type FoldContext, InventoryDraft } from "./inventory-draft.ts";
import type { InventoryChanges } from "./inventory-state.ts";

/** Something learned about a lattice. Times are milliseconds by the console's clock. */
export type Fact =
  /** `overlapping`: it came while its host's inventory, or the list of links, was read and is folded once more after the reply. */
  | { kind: "event"; event: DecodedEvent; overlapping?: boolean }
  | { kind: "host"; host: Host; askedAt: number }
  | { kind: "inventory"; hostId: string; inventory: HostInventory; askedAt: number }
  | { kind: "links"; links: readonly Link[] }
  /** A host did not answer. */
  | { kind: "silent"; hostId: string; message: string }
  /** The connection was lost: the next gap between heartbeats means nothing. */
  | { kind: "outage" }
  | { kind: "tick" };

/** Stopped hosts stay visible; of more than this many the oldest go. */
const stoppedHostsKept = 200;

/** What a fact changes in the state, which is only read; `commit` applies it. */
export function fold(context: FoldContext, fact: Fact): InventoryChanges {
  const draft = new InventoryDraft(context);
  if (fact.kind === "event") foldEvent(draft, fact.event, fact.overlapping ?? false);
  else if (fact.kind === "host") foldHost(draft, fact.host, fact.askedAt);
  else if (fact.kind === "inventory") foldReply(draft, fact);
  else if (fact.kind === "links") foldLinks(draft, fact.links);
  else if (fact.kind === "silent") foldSilence(draft, fact);
  else if (fact.kind === "outage") foldOutage(draft);
  else foldTick(draft);
  return draft.finish();
}

function foldSilence(draft: InventoryDraft, { hostId, message }: { hostId: string; message: string }): void {
  const entry = draft.entry(hostId);
  if (entry && entry.row.status !== "stopped") draft.patchHost(hostId, { problem: message });
}

function foldOutage(draft: InventoryDraft): void {
  for (const [hostId, { track }] of draft.state.hosts) {
    if (track.lastHeartbeatMs !== undefined) draft.putTrack(hostId, { ...track, lastHeartbeatMs: undefined });
  }
}

/** A host is stale after two periods without a sign of life, lost after four (DESIGN §4). */
function foldTick(draft: InventoryDraft): void {
  const { hosts, totals } = draft.state;
  for (const { row, track } of hosts.values()) {
    if (row.status === "stopped" || row.status === "lost") continue;
    const silentMs = draft.now - track.lastSeenMs;
    if (silentMs > 4 * track.periodMs) {
      draft.putHostRow({ ...row, status: "lost", statusSince: draft.nowText });
    } else if (row.status === "live" && silentMs > 2 * track.periodMs) {
      draft.putHostRow({ ...row, status: "stale", statusSince: draft.nowText });
    }
  }
  const excess = totals.hosts.stopped - stoppedHostsKept;
  if (excess <= 0) return;
  const stopped = [...hosts.values()].map(({ row }) => row).filter(({ status }) => status === "stopped");
  stopped.sort((a, b) => (a.statusSince < b.statusSince ? -1 : 1));
  for (const row of stopped.slice(0, excess)) draft.removeHost(row);
}
