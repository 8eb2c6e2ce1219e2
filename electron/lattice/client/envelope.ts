import { parseBoundedJson } from "../../../shared/contract/index.ts";
import { boundedText, isJsonObject } from "./object-reader.ts";

/** A reply of the control interface as JSON; `response` is undefined when absent or null (wasmcloud-control §2.0). */
export interface Envelope {
  success: boolean;
  message: string;
  response: unknown;
  raw: unknown;
}

/**
 * One received message: an envelope; a `half` one, which has a boolean `success` and so comes from a host but lacks
 * its text; or something `foreign`, such as the acknowledgement of a capturing stream (wasmcloud-control trap 40).
 */
export type ReceivedReply =
  | { kind: "envelope"; envelope: Envelope }
  | { kind: "half"; upstream: string }
  | { kind: "foreign"; upstream: string };

const shownCharacters = 300;

/** The beginning of a message, for a person to read; invalid UTF-8 and control characters are replaced. */
export function shortened(bytes: Uint8Array): string {
  const head = new TextDecoder().decode(bytes.subarray(0, shownCharacters * 4));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const text = head.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
  const whole = bytes.length <= shownCharacters * 4 && text.length <= shownCharacters;
  return whole ? text : `${text.slice(0, shownCharacters)}… (${bytes.length} bytes)`;
}

/** Tells what a message is; never throws. */
export function readReply(bytes: Uint8Array): ReceivedReply {
  const raw = parseJson(bytes);
  if (!isJsonObject(raw) || typeof raw.success !== "boolean") {
    return { kind: "foreign", upstream: shortened(bytes) };
  }
  if (typeof raw.message !== "string") return { kind: "half", upstream: shortened(bytes) };
  const { success } = raw;
  const message = boundedText(raw.message);
  return { kind: "envelope", envelope: { success, message, response: raw.response ?? undefined, raw } };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseBoundedJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
