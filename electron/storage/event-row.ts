import type { EventRow } from "../../shared/events/schema.ts";
import type { SqlRow, SqlValue } from "./database.ts";

/** An event as it comes in; `receivedAt` is an ISO time in UTC, `raw` the text as it came over the wire. */
export interface NewEvent {
  connectionId: string;
  lattice: string;
  receivedAt: string;
  time?: string;
  type: string;
  known: boolean;
  severity: EventRow["severity"];
  source?: string;
  sourceName?: string;
  entityKind: EventRow["entityKind"];
  entityId: string;
  summary: string;
  subject: string;
  raw: string;
}

/** An event with its sequence, its NATS subject and its raw text. */
export interface StoredEvent {
  row: EventRow;
  subject: string;
  raw: string;
}

const rawLimit = 256 * 1024;

/** Gives an event its sequence and makes its texts storable; a raw text beyond 256 Ki characters is clipped, with a mark. */
export function storedEvent(event: NewEvent, sequence: number): StoredEvent {
  const row: EventRow = {
    sequence,
    connectionId: clean(event.connectionId),
    lattice: clean(event.lattice),
    receivedAt: event.receivedAt,
    type: clean(event.type),
    known: event.known,
    severity: event.severity,
    entityKind: event.entityKind,
    entityId: clean(event.entityId),
    summary: clean(event.summary),
  };
  if (event.time !== undefined) row.time = clean(event.time);
  if (event.source !== undefined) row.source = clean(event.source);
  if (event.sourceName !== undefined) row.sourceName = clean(event.sourceName);
  return { row, subject: clean(event.subject), raw: clean(clip(event.raw)) };
}

function clip(raw: string): string {
  if (raw.length <= rawLimit) return raw;
  return `${raw.slice(0, rawLimit)}… [clipped: ${rawLimit} of ${raw.length} characters kept]`;
}

// SQLite's text ends at a NUL.
function clean(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

/** The columns that `rowOf` reads, of `events` joined with its `event_origins` row. */
export const rowColumns = `sequence, connection_id, lattice, received_at, time, type, known, severity,
  source, source_name, entity_kind, entity_id, summary, subject`;

/** Reads a row of `rowColumns`. */
export function rowOf(columns: SqlRow): EventRow {
  const row: EventRow = {
    sequence: Number(columns.sequence),
    connectionId: String(columns.connection_id),
    lattice: String(columns.lattice),
    receivedAt: new Date(Number(columns.received_at)).toISOString(),
    type: String(columns.type),
    known: columns.known === 1,
    severity: columns.severity as EventRow["severity"],
    entityKind: columns.entity_kind as EventRow["entityKind"],
    entityId: String(columns.entity_id),
    summary: String(columns.summary),
  };
  if (columns.time !== null) row.time = String(columns.time);
  if (columns.source !== null) row.source = String(columns.source);
  if (columns.source_name !== null) row.sourceName = String(columns.source_name);
  return row;
}

/** Adds the values of an event's row in `events`, in the order of its columns. */
export function addEventValues(values: SqlValue[], row: EventRow, origin: number): void {
  values.push(row.sequence, origin, receivedMs(row), row.time ?? null, row.entityId, row.summary);
}

let lastReceived = { text: "", ms: 0 };

/** In a flood many events in a row were received in the same millisecond. */
function receivedMs({ receivedAt }: EventRow): number {
  if (lastReceived.text === receivedAt) return lastReceived.ms;
  const ms = Date.parse(receivedAt);
  lastReceived = { text: receivedAt, ms: Number.isNaN(ms) ? Date.now() : ms };
  return lastReceived.ms;
}
