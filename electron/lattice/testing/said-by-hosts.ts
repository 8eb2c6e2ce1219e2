import type { LatticeMessage } from "../../../recordings/recordings.ts";
import { canonicalJson } from "../../../shared/contract/index.ts";
import type { HostInventory } from "../client/control-types.ts";
import { readReply } from "../client/envelope.ts";
import * as readers from "../client/replies.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { InventoryState } from "../inventory/inventory.ts";
import { LiveInventory } from "../inventory/live-inventory.ts";
import { addressee } from "./recorded-requests.ts";

export type RecordedEvent = Exclude<LatticeMessage, { kind: "reply" }>;
type RecordedReply = Extract<LatticeMessage, { kind: "reply" }>;

function bytes(body: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

export function decoded({ subject, body }: RecordedEvent) {
  return decodeEvent(subject, bytes(body), "wasmbus.evt");
}

export function isEvent(message: LatticeMessage): message is RecordedEvent {
  return message.kind === "event";
}

function isReply(message: LatticeMessage): message is RecordedReply {
  return message.kind === "reply";
}

const readerOf: Record<string, (response: unknown) => unknown> = {
  "host.ping": readers.readHost,
  "host.get": readers.readInventory,
  "claims.get": readers.readClaims,
  "link.get": readers.readLinks,
  "config.get": readers.readConfig,
  "component.auction": readers.bidReader("component_ref"),
  "provider.auction": readers.bidReader("provider_ref"),
};

/** The events that are not read whole. */
export function unreadEvents(messages: readonly LatticeMessage[]): RecordedEvent[] {
  return messages.filter(isEvent).filter((message) => {
    const event = decoded(message);
    const { source } = message.body as { source: string };
    return event.kind !== "known" || event.source !== source || typeof event.timeMs !== "number";
  });
}

/** The replies that are not read, or of which something is passed over. */
export function unreadReplies(messages: readonly LatticeMessage[]): RecordedReply[] {
  return messages.filter(isReply).filter(({ to, body }) => {
    const reply = readReply(bytes(body));
    if (reply.kind !== "envelope") return true;
    const { success, response } = reply.envelope;
    const read = readerOf[addressee(to).verb];
    if (!read) return response !== undefined;
    return success && ((read(response) as { skipped?: number } | undefined)?.skipped ?? 0) > 0;
  });
}

export interface FoldDifference {
  at: string;
  workload: string;
  /** The console had asked for this very reply, because the events could not tell. */
  asked: boolean;
}

/** Folds events and replies in their order, as the console does, and compares before each reply. */
export function foldDifferences(messages: readonly LatticeMessage[]): FoldDifference[] {
  const live = new LiveInventory(30_000);
  const found: FoldDifference[] = [];
  const doubted = new Set<string>();
  for (const message of messages) {
    const now = Date.parse(message.at);
    if (message.kind === "event") {
      const event = decoded(message);
      if (event.type === "host_heartbeat") doubted.delete(event.source);
      const { needsRead } = live.apply({ kind: "event", event }, now);
      for (const hostId of needsRead) doubted.add(hostId);
    } else if (message.kind === "reply" && addressee(message.to).verb === "host.get") {
      const inventory = readers.readInventory((message.body as { response: unknown }).response);
      const { hostId } = inventory;
      const asked = doubted.delete(hostId);
      for (const workload of differing(live.state, inventory))
        found.push({ at: message.at, workload, asked });
      live.apply({ kind: "inventory", hostId, inventory, askedAt: now - 1 }, now);
    }
  }
  return found;
}

/** The workloads of which the rows say something else than the inventory. */
function differing({ components, providers }: InventoryState, inventory: HostInventory): string[] {
  const { hostId } = inventory;
  const shown = [...components.on(hostId).rows.values(), ...providers.on(hostId).rows.values()];
  const rows = new Map(shown.map((row) => [row.id, facts(row)]));
  const listed = new Map(
    [...inventory.components, ...inventory.providers].map((each) => [each.id, facts(each)]),
  );
  return [...new Set([...rows.keys(), ...listed.keys()])]
    .filter((id) => rows.get(id) !== listed.get(id))
    .sort();
}

interface Described {
  imageReference?: string | undefined;
  maxInstances?: number;
  annotations?: Record<string, string> | undefined;
  limits?: Record<string, string> | undefined;
}

function facts({ imageReference, maxInstances, annotations = {}, limits }: Described): string {
  return canonicalJson({ imageReference, maxInstances: maxInstances ?? "provider", annotations, limits });
}
