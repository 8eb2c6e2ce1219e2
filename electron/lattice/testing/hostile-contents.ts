import { damagedBytes } from "../../../recordings/fuzz.ts";
import { hostileVersion, jsonText, numbersFrom } from "../../../shared/testing/hostile-json.ts";
import type { RawContent } from "../../connections/testing/raw-peer.ts";

const blocks = [
  "NATS/1.0 503\r\n\r\n",
  "NATS/1.0 503 No Responders\r\nreason: none\r\n\r\n",
  "NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 0\r\n\r\n",
  "NATS/1.0 404 No Messages\r\n\r\n",
  "NATS/1.0 408 Request Timeout\r\n\r\n",
  "NATS/1.0 409\r\nDescription: Consumer Deleted\r\n\r\n",
  "NATS/1.0 9007199254740993 x\r\n\r\n",
  "NATS/1.0\r\na key with spaces: x\r\n\r\n",
  "NATS/1.0\r\n\u0000\u0007: x\r\n\r\n",
  "NATS/1.0\r\n: no key\r\n\r\n",
  "NATS/1.0\r\n__proto__: x\r\nconstructor: y\r\n\r\n",
  `NATS/1.0\r\n${"Key: value\r\n".repeat(300)}\r\n`,
  "NATS/1.0\r\nno end of it",
  "HTTP/1.1 200 OK\r\n\r\n",
  "\u00ff\u00fe\u0000",
];

/** What a server lets through unless it is told otherwise. */
const largestContent = 1_048_576;

function binary(upTo: (end: number) => number): Buffer {
  return Buffer.from(Array.from({ length: upTo(400) }, () => upTo(256)));
}

const large: readonly ((text: string, room: number) => string)[] = [
  (_text, room) => `{"success":true,"message":"${"x".repeat(room)}"}`,
  (_text, room) => `{"success":true,"message":"","response":[${"{},".repeat(Math.floor(room / 3))}{}]}`,
  (_text, room) => "[".repeat(room),
  (text, room) => text + " ".repeat(Math.max(0, room - Buffer.byteLength(text))),
];

/**
 * A message in the place of one that was recorded: a hostile version of it, its bytes damaged, nothing at all, status headers,
 * headers that are none, bytes that are no text, or as much as a server lets through.
 */
export function hostileContent(message: unknown, seed: number): RawContent {
  const upTo = numbersFrom(seed);
  const text = (): Buffer => Buffer.from(typeof message === "string" ? message : jsonText(message));
  const kind = upTo(20);
  if (kind < 8)
    return { payload: Buffer.from(jsonText(hostileVersion(message, seed))).subarray(0, largestContent) };
  if (kind < 13) return { payload: damagedBytes(text(), seed >>> 1) };
  if (kind === 13) return { payload: Buffer.alloc(0) };
  if (kind === 14) return { payload: binary(upTo) };
  if (kind < 19) {
    const headers = Buffer.from(blocks[upTo(blocks.length)] as string, "latin1");
    return { payload: upTo(3) === 0 ? text() : Buffer.alloc(0), headers };
  }
  const build = large[upTo(large.length)] as (typeof large)[number];
  return { payload: Buffer.from(build(text().toString(), largestContent - 200)).subarray(0, largestContent) };
}
