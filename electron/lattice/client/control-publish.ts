import { setImmediate } from "node:timers/promises";
import type { NatsConnection } from "nats";
import { Failure } from "../../../shared/contract/index.ts";
import { watchConnection } from "../../connections/nats-watch.ts";
import { withTimeLimit } from "../../upstream/time-limit.ts";
import { readyToSend } from "./control-exchange.ts";
import { connectionLost, notConnected, notPermitted, timedOut } from "./control-failures.ts";
import type { ControlRequest } from "./control-types.ts";

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
