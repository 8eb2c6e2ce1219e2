import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventRow } from "../../../../shared/events/schema.ts";
import type { ComponentRow } from "../../../../shared/lattice/schema.ts";
import type { LatticeSession } from "../../session/lattice-session.ts";
import { type EventHistory, keptEvent } from "./update-recall.ts";

/** What a component ran from when its host was last heard of. */
interface LastImage {
  imageReference: string;
  at: string;
}

/** By lattice, and there by host and component. */
export type LastImages = Map<string, Map<string, LastImage>>;

/** How many kept events are read of each type. */
const furthest = 5_000;
/** So many texts are read in one go. */
const atOnce = 50;

/** Reads in the kept events what components ran from before a moment: in the last heartbeat of their host. */
export async function recallImages(
  events: EventHistory,
  connectionId: string,
  before: string,
): Promise<LastImages> {
  const rowsOf = async (type: string): Promise<EventRow[]> => {
    const query = { connectionId, filter: `type:${type}`, limit: furthest };
    const { rows } = await events.searchInSteps(query);
    return rows.filter(({ receivedAt }) => receivedAt < before);
  };
  const scaledAt = newest(
    await rowsOf("component_scaled"),
    ({ source, entityId }) => `${source}/${entityId}`,
  );
  const images: LastImages = new Map();
  const beats = newest(await rowsOf("host_heartbeat"), ({ source = "" }) => source);
  for (const [place, row] of [...beats.values()].entries()) {
    if (place % atOnce === 0) await nextTurn();
    const inLattice = images.get(row.lattice) ?? new Map<string, LastImage>();
    images.set(row.lattice, inLattice);
    for (const [key, imageReference] of imagesIn(events, row)) {
      const scaled = scaledAt.get(`${row.lattice}/${key}`);
      // What a later event did to the image is not known.
      if (!scaled || scaled.sequence < row.sequence)
        inLattice.set(key, { imageReference, at: row.receivedAt });
    }
  }
  return images;
}

/** The components that run from another image than when their host was last heard of, in the same process of it; once for a lattice. */
export function takeChangedImages(images: LastImages, session: LatticeSession): ComponentRow[] {
  const last = images.get(session.lattice);
  images.delete(session.lattice);
  if (!last) return [];
  return session.components().filter(({ hostId, id, imageReference, changedAt }) => {
    const before = last.get(`${hostId}/${id}`);
    const startedAt = session.host(hostId)?.startedAt;
    // What has changed since was heard, and is no difference to what was there before.
    if (!before || startedAt === undefined || changedAt !== undefined) return false;
    return before.imageReference !== imageReference && Date.parse(before.at) >= Date.parse(startedAt);
  });
}

function newest(rows: readonly EventRow[], keyOf: (row: EventRow) => string): Map<string, EventRow> {
  const found = new Map<string, EventRow>();
  for (const row of rows) {
    const key = `${row.lattice}/${keyOf(row)}`;
    if (!found.has(key)) found.set(key, row);
  }
  return found;
}

function imagesIn(events: EventHistory, row: EventRow): [string, string][] {
  const event = keptEvent(events, row);
  if (event?.kind !== "known" || event.type !== "host_heartbeat") return [];
  return event.inventory.components.map(({ id, imageReference }) => [
    `${event.source}/${id}`,
    imageReference,
  ]);
}
