import { setImmediate } from "node:timers/promises";
import type { NatsConnection } from "nats";
import { Failure } from "../../../shared/contract/index.ts";
import { watchConnection } from "../../connections/nats-watch.ts";
import { withTimeLimit } from "../../upstream/time-limit.ts";
import type { ControlReply, ControlRequest } from "./control-types.ts";
import { type Envelope, readReply } from "./envelope.ts";
import { exchange, readyToSend } from "./exchange.ts";
import {
  connectionLost,
  noResponders,
  notConnected,
  notPermitted,
  timedOut,
  unreadableReply,
} from "./failures.ts";
import { UnreadableValue } from "./object-reader.ts";

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

/**
 * Publishes without asking for an answer and waits until the server has taken it. Rejects with `invalid_input`,
 * `forbidden`, `unreachable`, or `timeout` when the server does not say that it has it.
 */
export async function publishOnly(
  nats: NatsConnection,
  request: ControlRequest,
  timeoutMs: number,
): Promise<void> {
  const bytes = readyToSend(nats, request);
  let refused = false;
  const release = watchConnection(nats).listen((change) => {
    if (change.kind === "publish-refused" && change.subject === request.subject) refused = true;
  });
  try {
    publish(nats, request.subject, bytes);
    await withTimeLimit(
      timeoutMs,
      () => nats.flush(),
      () => timedOut(request, timeoutMs),
    );
    // A refusal comes before the end of the flush, but reaches the watch some microtasks after it.
    await setImmediate();
  } catch (error) {
    throw error instanceof Failure ? error : connectionLost(request);
  } finally {
    release();
  }
  if (refused) throw notPermitted("publish", request.subject);
}

/** The client throws before it sends anything. */
function publish(nats: NatsConnection, subject: string, bytes: Uint8Array): void {
  try {
    nats.publish(subject, bytes);
  } catch (error) {
    throw notConnected(subject, error);
  }
}
