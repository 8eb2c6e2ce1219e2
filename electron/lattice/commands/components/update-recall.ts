import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventRow } from "../../../../shared/events/schema.ts";
import { decodeEvent } from "../../events/decode-event.ts";
import type { DecodedEvent } from "../../events/event-types.ts";
import { isScaled, pairMs, type ScaledEvent, UpdatePairs } from "./update-pairs.ts";

/** Where kept events are read from, newest first. */
export interface EventHistory {
  searchInSteps(query: {
    connectionId: string;
    filter: string;
    limit: number;
  }): Promise<{ rows: EventRow[] }>;
  get(sequence: number): { subject: string; raw: string } | undefined;
}

/** An update that the events of a host showed. */
export interface SeenUpdate {
  lattice: string;
  hostId: string;
  id: string;
  imageReference: string;
  at: string;
}

/** How many kept events are read for updates. */
const furthest = 10_000;
/** So many texts are read in one go. */
const atOnce = 50;

/** Finds the updates in the events that are kept of a connection, oldest first. */
export async function recallUpdates(events: EventHistory, connectionId: string): Promise<SeenUpdate[]> {
  const query = { connectionId, filter: "type:component_scaled", limit: furthest };
  const { rows } = await events.searchInSteps(query);
  const pairs = new UpdatePairs();
  const found: SeenUpdate[] = [];
  for (const [place, row] of neighbours(rows.reverse()).entries()) {
    if (place % atOnce === 0) await nextTurn();
    const event = scaledEvent(events, row);
    const at = row.receivedAt;
    if (event && pairs.endsUpdate(event, Date.parse(at))) found.push(seenUpdate(event, row.lattice, at));
  }
  return found;
}

/** An event that ended an update, as it is remembered. */
export function seenUpdate(event: ScaledEvent, lattice: string, at: string): SeenUpdate {
  const { source: hostId, componentId: id, imageReference } = event;
  return { lattice, hostId, id, imageReference, at };
}

/** The rows that follow closely on another one of the same component, and the two before: only their texts are worth reading. */
function neighbours(rows: readonly EventRow[]): EventRow[] {
  const lastTwo = new Map<string, EventRow[]>();
  const close = new Set<EventRow>();
  for (const row of rows) {
    const key = `${row.lattice}/${row.source}/${row.entityId}`;
    const before = lastTwo.get(key) ?? [];
    const [last] = before.slice(-1);
    if (last && Math.abs(timeOf(row) - timeOf(last)) <= pairMs)
      for (const each of [...before, row]) close.add(each);
    lastTwo.set(key, [...before.slice(-1), row]);
  }
  return rows.filter((row) => close.has(row));
}

/** Where the host's own time cannot be read, as for the pair itself, its arrival stands for it. */
function timeOf({ time, receivedAt }: EventRow): number {
  const ms = Date.parse(time ?? receivedAt);
  return Number.isNaN(ms) ? Date.parse(receivedAt) : ms;
}

function scaledEvent(events: EventHistory, row: EventRow): ScaledEvent | undefined {
  const event = keptEvent(events, row);
  return event && isScaled(event) ? event : undefined;
}

/** A kept event, read again; undefined where it is kept no more. */
export function keptEvent(events: EventHistory, { sequence }: EventRow): DecodedEvent | undefined {
  const stored = events.get(sequence);
  if (!stored) return undefined;
  const prefix = stored.subject.split(".").slice(0, -2).join(".");
  return decodeEvent(stored.subject, Buffer.from(stored.raw), prefix);
}
