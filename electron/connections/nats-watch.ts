import { DebugEvents, Events, type NatsConnection, type Status } from "nats";
import { Emitter } from "../upstream/emitter.ts";

/** What can happen to a connection; who hears of it finds `connected` as it is from then on. */
export type ConnectionChange =
  | { kind: "disconnected" | "reconnected" }
  | { kind: "publish-refused"; subject: string };

/**
 * Follows the state of one NATS connection. It exists because the NATS client takes messages while it is
 * disconnected and may send them much later: a command that was reported as failed must not be carried out then.
 * Whoever acts on a change hears of it here: the client tells each of its own listeners at another moment, and one
 * that reads at once would find the connection down that has just come back.
 */
class ConnectionWatch {
  readonly #nats: NatsConnection;
  readonly #changes = new Emitter<[ConnectionChange]>();
  #disconnected = false;

  constructor(nats: NatsConnection) {
    this.#nats = nats;
    void this.#follow();
  }

  /** Whether what is published now goes out now. `info` is empty from a new dial until the server greets. */
  get connected(): boolean {
    return (
      !this.#disconnected &&
      !this.#nats.isClosed() &&
      !this.#nats.isDraining() &&
      this.#nats.info !== undefined
    );
  }

  /** Calls back with each change; returns the function that ends it. */
  listen(listener: (change: ConnectionChange) => void): () => void {
    return this.#changes.on(listener);
  }

  async #follow(): Promise<void> {
    for await (const status of this.#nats.status()) this.#note(status);
  }

  #note(status: Status): void {
    if (status.type === Events.Reconnect) {
      this.#disconnected = false;
      this.#changes.emit({ kind: "reconnected" });
    }
    // A stale connection is about to be dropped: say so at once instead of after the socket's end.
    if (status.type === Events.Disconnect || status.type === DebugEvents.StaleConnection) {
      this.#disconnected = true;
      this.#changes.emit({ kind: "disconnected" });
    }
    if (status.permissionContext?.operation === "publish") {
      this.#changes.emit({ kind: "publish-refused", subject: status.permissionContext.subject });
    }
  }
}

export type { ConnectionWatch };

const watches = new WeakMap<NatsConnection, ConnectionWatch>();

/** The one watch of a connection; it ends with the connection. */
export function watchConnection(nats: NatsConnection): ConnectionWatch {
  const known = watches.get(nats);
  if (known) return known;
  const watch = new ConnectionWatch(nats);
  watches.set(nats, watch);
  return watch;
}
