import type { NatsConnection } from "nats";
import type { ControlRequest, Gathered, GatherOptions } from "./control-types.ts";
import { type Envelope, readReply } from "./envelope.ts";
import { exchange } from "./exchange.ts";
import { UnreadableValue } from "./object-reader.ts";

/** How a broadcast is sent and its answers read. */
export interface BroadcastOptions<T> extends GatherOptions<T> {
  request: ControlRequest;
  windowMs: number;
  inboxPrefix?: string;
  /** Reads one reply; throws UnreadableValue for one that is no answer to this request. */
  read: (envelope: Envelope) => T;
}

/**
 * Broadcasts a request and collects replies until the window has passed, the server says that nobody listens, or the
 * signal aborts (wasmcloud-control §1.7); unreadable messages are passed over and counted. Rejects with
 * `unreachable`, `forbidden` or `invalid_input`, also when the connection is lost before the window ends, because
 * then a missing reply would mean nothing.
 */
export async function gather<T>(nats: NatsConnection, options: BroadcastOptions<T>): Promise<Gathered<T>> {
  const gathered: Gathered<T> = { replies: [], refusals: [], skipped: 0, ended: "window" };
  const end = await exchange(nats, {
    request: options.request,
    waitMs: options.windowMs,
    inboxPrefix: options.inboxPrefix,
    ...(options.signal ? { signal: options.signal } : {}),
    onMessage: (bytes) => {
      take(gathered, bytes, options);
      return "more";
    },
  });
  if (end === "no-responders" || end === "cancelled") gathered.ended = end;
  return gathered;
}

/** More hosts than any lattice has: whoever sends more answers than that is none. */
const mostReplies = 10_000;

function take<T>(gathered: Gathered<T>, bytes: Uint8Array, options: BroadcastOptions<T>): void {
  const reply = readReply(bytes);
  const isFull = gathered.replies.length + gathered.refusals.length >= mostReplies;
  if (reply.kind !== "envelope" || isFull) {
    gathered.skipped += 1;
    return;
  }
  if (!reply.envelope.success) {
    gathered.refusals.push({ message: reply.envelope.message });
    return;
  }
  const read = attempt(() => options.read(reply.envelope));
  if (!read) {
    gathered.skipped += 1;
    return;
  }
  gathered.replies.push(read.value);
  options.onReply?.(read.value);
}

function attempt<T>(read: () => T): { value: T } | undefined {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof UnreadableValue) return undefined;
    throw error;
  }
}
