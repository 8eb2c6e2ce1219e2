import { parseBoundedJson } from "../../../shared/contract/index.ts";
import { isHostId, isJsonObject, type JsonObject, UnreadableValue } from "../client/object-reader.ts";
import { isHostEvent, isKnownType, readEventData } from "./decode-event-data.ts";
import type { DecodedEvent, EventBody, EventHead, KnownEvent, MalformedEvent } from "./event-types.ts";

const typePrefix = "com.wasmcloud.lattice.";
/** How much of an unreadable payload is kept, in characters. */
const clipAt = 4_000;

/**
 * Reads one event message; never throws. The lattice is the token after the event prefix, the host is `source`
 * (wasmcloud-control §4.1); unknown types stay readable, what cannot be read comes back with the reason.
 */
export function decodeEvent(subject: string, bytes: Uint8Array, eventPrefix: string): DecodedEvent {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const { lattice, name } = readSubject(subject, eventPrefix);
  const envelope = parse(raw);
  const fields = isJsonObject(envelope) ? envelope : {};
  const head = readHead(fields, { subject, lattice, raw });
  if (!isJsonObject(envelope)) return malformed(head, name, "it is no JSON object");
  const type = text(envelope, "type");
  if (type === undefined) return malformed(head, name, "it has no type");
  const shortName = type.startsWith(typePrefix) ? type.slice(typePrefix.length) : type;
  if (!isKnownType(shortName)) return { ...head, kind: "unknown", type: shortName.slice(0, 200) };
  if (head.source === "") {
    if (text(fields, "source") !== undefined)
      return malformed(head, shortName, "its source is no id of a host");
    if (isHostEvent(shortName)) return malformed(head, shortName, "it has no source");
  }
  try {
    return known(head, readEventData(shortName, envelope.data));
  } catch (error) {
    return malformed(head, shortName, error instanceof UnreadableValue ? error.message : unexpected(error));
  }
}

/** An event that was read, but that the console could make nothing of: kept and counted like one that is malformed. */
export function unusable(event: DecodedEvent, error: unknown): MalformedEvent {
  const { subject, lattice, id, source, time, timeMs, raw, type } = event;
  return malformed({ subject, lattice, id, source, time, timeMs, raw }, type, unexpected(error));
}

function unexpected(error: unknown): string {
  return `it led to an error: ${error instanceof Error ? error.message.slice(0, 200) : "an unknown one"}`;
}

/** The lattice and the short type name of an event subject; empty texts where it is none. */
function readSubject(subject: string, eventPrefix: string): { lattice: string; name: string } {
  if (!subject.startsWith(`${eventPrefix}.`)) return { lattice: "", name: "" };
  const start = eventPrefix.length + 1;
  const dot = subject.indexOf(".", start);
  if (dot < 0) return { lattice: subject.slice(start), name: "" };
  return { lattice: subject.slice(start, dot), name: subject.slice(dot + 1) };
}

function readHead(
  envelope: JsonObject,
  { subject, lattice, raw }: Pick<EventHead, "subject" | "lattice" | "raw">,
): EventHead {
  const time = text(envelope, "time")?.slice(0, 64);
  const timeMs = time === undefined ? undefined : milliseconds(time);
  const id = text(envelope, "id")?.slice(0, 200) ?? "";
  const source = text(envelope, "source") ?? "";
  return { subject, lattice, id, source: isHostId(source) ? source : "", time, timeMs, raw };
}

let lastTime: { text: string; ms: number | undefined } = { text: "", ms: undefined };

/** V8 reads nine fractional digits and truncates them (wasmcloud-control trap 26). In a flood many in a row are the same. */
function milliseconds(text: string): number | undefined {
  if (lastTime.text === text) return lastTime.ms;
  const ms = Date.parse(text);
  lastTime = { text, ms: Number.isNaN(ms) ? undefined : ms };
  return lastTime.ms;
}

/** Completes the body in place: copying it would cost more than all the rest. */
function known(head: EventHead, body: EventBody): KnownEvent {
  const event = body as KnownEvent;
  event.kind = "known";
  event.subject = head.subject;
  event.lattice = head.lattice;
  event.id = head.id;
  event.source = head.source;
  event.time = head.time;
  event.timeMs = head.timeMs;
  event.raw = head.raw;
  return event;
}

function text(object: JsonObject, field: string): string | undefined {
  const value = object[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parse(raw: string): unknown {
  try {
    return parseBoundedJson(raw);
  } catch {
    return undefined;
  }
}

function malformed(head: EventHead, claimedType: string, reason: string): MalformedEvent {
  const raw = head.raw.length > clipAt ? `${head.raw.slice(0, clipAt)}…` : head.raw;
  return {
    ...head,
    raw,
    kind: "malformed",
    type: "malformed",
    claimedType: claimedType.slice(0, 200),
    reason,
  };
}
