import type { NatsConnection } from "nats";
import { type Envelope, readReply } from "./control-envelope.ts";
import { exchange } from "./control-exchange.ts";
import { noResponders, timedOut, unreadableReply } from "./control-failures.ts";
import { UnreadableValue } from "./control-read.ts";
import type { ControlReply, ControlRequest } from "./control-types.ts";

/** How one request is sent and its answer read. */
export interface RequestOptions<T> {
  request: ControlRequest;
  timeoutMs: number;
  inboxPrefix?: string;
  /** Reads `response`, undefined when absent; throws UnreadableValue. */
  read: (response: unknown) => T;
}

/**
 * Sends a directed or queue request and returns the first reply of a host; foreign messages are passed over
 * (wasmcloud-control §1.7, trap 40). Rejects with `not_found`, `unreachable`, `timeout`, `upstream_invalid`,
 * `forbidden` or `invalid_input`; a host's refusal is returned, not thrown.
 */
export async function sendRequest<T>(
  nats: NatsConnection,
  options: RequestOptions<T>,
): Promise<ControlReply<T>> {
  const { request, timeoutMs } = options;
  let envelope: Envelope | undefined;
  let foreign: string | undefined;
  const end = await exchange(nats, {
    request,
    waitMs: timeoutMs,
    inboxPrefix: options.inboxPrefix,
    onMessage: (bytes) => {
      const reply = readReply(bytes);
      if (reply.kind === "half") throw unreadableReply(request, "it has no message", reply.upstream);
      if (reply.kind === "foreign") {
        foreign ??= reply.upstream;
        return "more";
      }
      envelope = reply.envelope;
      return "done";
    },
  });
  if (envelope) return toReply(envelope, options);
  if (end === "no-responders") throw noResponders(request);
  if (foreign === undefined) throw timedOut(request, timeoutMs, nats.info?.max_payload);
  throw unreadableReply(request, `nothing else came within ${timeoutMs} ms`, foreign);
}

function toReply<T>(envelope: Envelope, { request, read }: RequestOptions<T>): ControlReply<T> {
  const { success, message, raw } = envelope;
  if (!success) return { success, message, raw };
  try {
    return { success, message, response: read(envelope.response), raw };
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    throw unreadableReply(request, error.message, JSON.stringify(envelope.response ?? null).slice(0, 300));
  }
}
