import type { Msg, NatsConnection, NatsError, Subscription } from "nats";
import { watchConnection } from "../../connections/nats-watch.ts";
import { connectionLost, notConnected, notPermitted } from "./control-failures.ts";

/** One message below the event prefix, unread: telling what it is belongs to whoever decodes events. */
export interface EventMessage {
  subject: string;
  /** Last part of the subject, such as `component_scaled`. */
  type: string;
  payload: Uint8Array;
}

const queueLimit = 5_000;

/**
 * Events of one lattice in the order of arrival, as an async iterable for one consumer. It ends after `stop` and
 * rejects with `unreachable` when the connection is closed; a mere reconnect goes on, but what was published meanwhile
 * is lost. The oldest of more than 5000 waiting events is dropped and counted (wasmcloud-control §2.20).
 */
export class EventSubscription implements AsyncIterable<EventMessage> {
  readonly subjects: readonly string[];
  readonly #subscriptions: Subscription[] = [];
  readonly #waiting: EventMessage[] = [];
  #dropped = 0;
  #stopped = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(nats: NatsConnection, { subjects, prefix }: { subjects: readonly string[]; prefix: string }) {
    this.subjects = subjects;
    for (const subject of subjects) {
      const callback = (error: NatsError | null, message: Msg): void => {
        if (error) this.#fail(notPermitted("subscribe", subject));
        else
          this.#push({
            subject: message.subject,
            type: message.subject.slice(prefix.length + 1),
            payload: message.data,
          });
      };
      const subscription = nats.subscribe(subject, { callback });
      void subscription.closed.then(() => this.#fail(connectionLost({ subject, query: true })));
      this.#subscriptions.push(subscription);
    }
  }

  /** How many events were dropped because nobody took them in time. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Why it ended, where it was not stopped. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Ends the subscription; events that were already received can still be taken. */
  stop(): void {
    this.#stopped = true;
    for (const subscription of this.#subscriptions) {
      if (!subscription.isClosed()) subscription.unsubscribe();
    }
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EventMessage> {
    try {
      while (true) {
        const next = this.#waiting.shift();
        if (next) yield next;
        else if (this.#failure) throw this.#failure;
        else if (this.#stopped) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.stop();
    }
  }

  #push(event: EventMessage): void {
    this.#waiting.push(event);
    if (this.#waiting.length > queueLimit) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#wake?.();
  }

  #fail(failure: Error): void {
    if (this.#stopped || this.#failure) return;
    this.#failure = failure;
    this.#wake?.();
  }
}

/**
 * Subscribes and waits until the server has processed it, so that no event of a command sent afterwards is missed
 * (wasmcloud-control §2.20, trap 13). Rejects with `unreachable` or `forbidden`.
 */
export async function subscribeToEvents(
  nats: NatsConnection,
  options: { subjects: readonly string[]; prefix: string },
): Promise<EventSubscription> {
  const first = options.subjects[0] ?? options.prefix;
  if (!watchConnection(nats).connected) throw notConnected(first);
  const subscription = new EventSubscription(nats, options);
  try {
    await nats.flush();
  } catch (error) {
    subscription.stop();
    throw notConnected(first, error);
  }
  if (subscription.failure) {
    subscription.stop();
    throw subscription.failure;
  }
  return subscription;
}
