import type { Msg, NatsConnection, NatsError, Subscription } from "nats";
import { notConnected, notPermitted } from "../client/failures.ts";

type Receive = (subject: string, data: Uint8Array) => void;

interface Follower {
  receive: Receive;
  /** Its own subscription, where no common one delivers. */
  subscription?: Subscription;
  onRefused: (failure: Error) => void;
}

export interface EventFeedOptions {
  nats: NatsConnection;
  eventPrefix: string;
  /** Called for each message of a lattice that nobody follows; its payload is not read. */
  onUnfollowed: (lattice: string) => void;
}

/**
 * The events of one connection. Where the account may, one subscription to all lattices feeds every follower and shows
 * which lattices there are (wasmcloud-control §5.10); where it may not, each followed lattice is subscribed on its own.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #followers = new Map<string, Follower>();
  #common: Subscription | undefined;
  #opening: Promise<void> | undefined;
  #opened = false;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Whether lattices that nobody follows are seen as well. */
  get discovers(): boolean {
    return this.#common !== undefined;
  }

  /** Subscribes to all lattices where permitted; safe to call again. Rejects with `unreachable`. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /**
   * Delivers the events of one lattice; resolves when the server sends them. Rejects with `forbidden` or
   * `unreachable`; `onRefused` is called when a permission is lost later.
   */
  async follow(lattice: string, receive: Receive, onRefused: (failure: Error) => void): Promise<void> {
    const follower: Follower = { receive, onRefused };
    this.#followers.set(lattice, follower);
    await this.open();
    if (!this.#common && this.#followers.get(lattice) === follower)
      await this.#subscribeOwn(lattice, follower);
  }

  unfollow(lattice: string): void {
    const follower = this.#followers.get(lattice);
    this.#followers.delete(lattice);
    if (follower?.subscription) end(follower.subscription);
  }

  close(): void {
    for (const lattice of [...this.#followers.keys()]) this.unfollow(lattice);
    if (this.#common) end(this.#common);
    this.#common = undefined;
  }

  async #open(): Promise<void> {
    const { nats, eventPrefix, onUnfollowed } = this.#options;
    const start = eventPrefix.length + 1;
    const common = this.#subscribe(`${eventPrefix}.*.>`, (error, message) => {
      if (error) return this.#commonRefused();
      const lattice = message.subject.slice(start, message.subject.indexOf(".", start));
      const follower = this.#followers.get(lattice);
      if (follower) follower.receive(message.subject, message.data);
      else onUnfollowed(lattice);
    });
    this.#common = common;
    // A refusal comes back before the answer to the flush.
    await nats.flush().catch((error: unknown) => {
      end(common);
      this.#common = undefined;
      throw notConnected(common.getSubject(), error);
    });
    this.#opened = true;
  }

  /** Before `open` is through, whoever waits for it subscribes on its own. */
  #commonRefused(): void {
    this.#common = undefined;
    if (!this.#opened) return;
    for (const [lattice, follower] of this.#followers) {
      if (!follower.subscription) this.#subscribeOwn(lattice, follower).catch(follower.onRefused);
    }
  }

  async #subscribeOwn(lattice: string, follower: Follower): Promise<void> {
    if (follower.subscription) return;
    const { nats, eventPrefix } = this.#options;
    const subject = `${eventPrefix}.${lattice}.>`;
    let refused: Error | undefined;
    let settled = false;
    follower.subscription = this.#subscribe(subject, (error, message) => {
      if (!error) return follower.receive(message.subject, message.data);
      refused = notPermitted("subscribe", subject);
      follower.subscription = undefined;
      if (settled) follower.onRefused(refused);
    });
    await nats.flush().catch((error: unknown) => {
      throw notConnected(subject, error);
    });
    settled = true;
    if (refused) throw refused;
  }

  #subscribe(subject: string, callback: (error: NatsError | null, message: Msg) => void): Subscription {
    try {
      return this.#options.nats.subscribe(subject, { callback });
    } catch (error) {
      throw notConnected(subject, error);
    }
  }
}

function end(subscription: Subscription): void {
  if (!subscription.isClosed()) subscription.unsubscribe();
}
