import { notifications } from "@mantine/notifications";
import { asFailure } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import { call } from "../client/call.ts";
import { copy } from "../ui/clipboard.ts";
import { saveFile } from "../ui/save-file.ts";

interface Scope {
  connectionId: string;
  lattice: string;
}

/** Saves what fits the filter as NDJSON, oldest first. */
export async function exportEvents(scope: Scope, filter: string): Promise<void> {
  try {
    const file = await call("events.export", { ...scope, filter });
    saveFile({ name: file.fileName, mediaType: file.mediaType, text: file.text });
  } catch (error) {
    notifications.show({ color: "red", message: asFailure(error).message });
  }
}

/** Copies an event's raw text as it came over the wire. */
export async function copyEvent(row: Pick<EventRow, "sequence">): Promise<void> {
  try {
    const { raw } = await call("events.get", { sequence: row.sequence });
    if (await copy(() => ({ text: raw }))) notifications.show({ message: "Copied the event as JSON" });
  } catch (error) {
    notifications.show({ color: "red", message: asFailure(error).message });
  }
}

/** The sequence below which everything was received up to a time; undefined where the log is empty. */
export async function sequenceAfter(scope: Scope, time: number): Promise<number | undefined> {
  const newest = await call("events.search", { ...scope, limit: 1 });
  const top = newest.rows[0];
  if (!top) return undefined;
  return findSequenceAfter(time, { oldest: newest.oldestKept ?? 1, newest: top.sequence }, async (before) => {
    const { rows } = await call("events.search", { ...scope, before, limit: 1 });
    return rows[0] && { sequence: rows[0].sequence, time: Date.parse(rows[0].receivedAt) };
  });
}

/** Gives the newest event below a sequence, or undefined where there is none. */
export type Probe = (before: number) => Promise<{ sequence: number; time: number } | undefined>;

/**
 * Finds the sequence below which every event was received at or before a time, by halving between `oldest` and `newest`;
 * sequences grow with the time of receipt. Asks at most about log2(newest - oldest) times.
 */
export async function findSequenceAfter(
  time: number,
  range: { oldest: number; newest: number },
  probe: Probe,
): Promise<number> {
  let low = range.oldest;
  let high = range.newest + 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const event = await probe(middle);
    if (!event || event.time <= time) low = middle;
    else high = event.sequence;
  }
  return low;
}
