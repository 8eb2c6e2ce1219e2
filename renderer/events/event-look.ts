import type { EventRow } from "../../shared/events/schema.ts";
import { lookOf, type StateLook } from "../ui/state-look.ts";

/** Glyph, colour and word of an event; what could not be read or is not known says so. */
export function eventLook(row: Pick<EventRow, "severity" | "known" | "type">): StateLook {
  if (row.type === "malformed") return { tone: "warn", shape: "bang", word: "malformed" };
  if (!row.known) return { tone: "warn", shape: "question", word: "unknown type" };
  return lookOf(row.severity);
}
