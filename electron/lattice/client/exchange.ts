import { createInbox, type Msg, type NatsConnection, type NatsError, type Subscription } from "nats";
import type { Failure } from "../../../shared/contract/index.ts";
import { type ConnectionChange, watchConnection } from "../../connections/nats-watch.ts";
import type { ControlRequest } from "./control-types.ts";
import { connectionLost, notConnected, notPermitted, tooLarge } from "./failures.ts";

/** One published request and the wait for what arrives in its inbox. */
export interface ExchangeOptions {
  request: ControlRequest;
  waitMs: number;
  /** Where replies go; `_INBOX` when absent. */
  inboxPrefix?: string;
  /** Takes each message with a payload; "done" ends the exchange. */
  onMessage: (bytes: Uint8Array) => "done" | "more";
  signal?: AbortSignal;
}

export type ExchangeEnd = "done" | "time" | "no-responders" | "cancelled";

/** The payload as it goes out: JSON, or nothing at all where the request has none. */
export function encodePayload(payload: unknown): Uint8Array {
  return payload === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(payload));
}

/** Checks that a request can go out now and gives its bytes; throws `unreachable` or `invalid_input`, both not delivered. */
export function readyToSend(nats: NatsConnection, request: ControlRequest): Uint8Array {
  if (!watchConnection(nats).connected) throw notConnected(request.subject);
  const bytes = encodePayload(request.payload);
  const limit = nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
  if (bytes.length > limit) throw tooLarge(request.subject, bytes.length, limit);
  return bytes;
}

/** Whether a message is the server's word that nobody listens: status 503 and no payload. */
function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

/**
 * Publishes a request with an inbox of its own and hands over what arrives until the wait is over. Rejects with
 * `unreachable`, `forbidden` or `invalid_input`; `details.delivered` is false exactly when it was surely not sent.
 */
export async function exchange(nats: NatsConnection, options: ExchangeOptions): Promise<ExchangeEnd> {
  const bytes = readyToSend(nats, options.request);
  if (options.signal?.aborted) return "cancelled";
  return new Promise((resolve, reject) => new Exchange(nats, options, { resolve, reject }).start(bytes));
}

interface Settlement {
  resolve: (end: ExchangeEnd) => void;
  reject: (error: unknown) => void;
}

class Exchange {
  readonly #nats: NatsConnection;
  readonly #options: ExchangeOptions;
  readonly #settlement: Settlement;
  readonly #inbox: string;
  readonly #release: (() => void)[] = [];
  #open = true;

  constructor(nats: NatsConnection, options: ExchangeOptions, settlement: Settlement) {
    this.#nats = nats;
    this.#options = options;
    this.#settlement = settlement;
    this.#inbox = createInbox(options.inboxPrefix);
  }

  start(bytes: Uint8Array): void {
    const { request, waitMs, signal } = this.#options;
    try {
      const subscription = this.#subscribe();
      this.#release.push(watchConnection(this.#nats).listen((change) => this.#changed(change)));
      void subscription.closed.then(() => this.#fail(connectionLost(request)));
      const timer = setTimeout(() => this.#end("time"), waitMs);
      this.#release.push(() => clearTimeout(timer));
      const cancel = (): void => this.#end("cancelled");
      signal?.addEventListener("abort", cancel, { once: true });
      this.#release.push(() => signal?.removeEventListener("abort", cancel));
      this.#nats.publish(request.subject, bytes, { reply: this.#inbox });
    } catch (error) {
      this.#fail(notConnected(request.subject, error));
    }
  }

  #subscribe(): Subscription {
    const subscription = this.#nats.subscribe(this.#inbox, {
      callback: (error, message) => this.#received(error, message),
    });
    this.#release.push(() => {
      if (!subscription.isClosed()) subscription.unsubscribe();
    });
    return subscription;
  }

  /** Runs inside the NATS client's reader, so nothing may be thrown out of here. */
  #received(error: NatsError | null, message: Msg): void {
    if (!this.#open) return;
    if (error) this.#fail(notPermitted("subscribe", this.#inbox));
    else if (isNoResponders(message)) this.#end("no-responders");
    else this.#handOver(message.data);
  }

  #handOver(bytes: Uint8Array): void {
    try {
      if (this.#options.onMessage(bytes) === "done") this.#end("done");
    } catch (thrown) {
      this.#close(() => this.#settlement.reject(thrown));
    }
  }

  #changed(change: ConnectionChange): void {
    const { subject } = this.#options.request;
    if (change.kind === "disconnected") this.#fail(connectionLost(this.#options.request));
    if (change.kind === "publish-refused" && change.subject === subject)
      this.#fail(notPermitted("publish", subject));
  }

  #end(end: ExchangeEnd): void {
    this.#close(() => this.#settlement.resolve(end));
  }

  #fail(failure: Failure): void {
    this.#close(() => this.#settlement.reject(failure));
  }

  #close(settle: () => void): void {
    if (!this.#open) return;
    this.#open = false;
    for (const release of this.#release) release();
    settle();
  }
}
