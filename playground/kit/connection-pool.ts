import type { ConnectionOptions, NatsConnection } from "nats";
import { connect } from "nats";

/** Connections shared by simulated hosts: one each when they are few, one for many when they are many. */
export class ConnectionPool {
  readonly #connections = new Set<NatsConnection>();
  readonly #pending = new Map<number, Promise<NatsConnection>>();
  #served = 0;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly hostsPerConnection: number,
  ) {}

  /** Gives the next host its connection. */
  async next(): Promise<NatsConnection> {
    const place = Math.floor(this.#served / this.hostsPerConnection);
    this.#served += 1;
    const pending = this.#pending.get(place) ?? this.#connect(place);
    this.#pending.set(place, pending);
    try {
      return await pending;
    } catch (error) {
      // The next host at this place tries again.
      this.#pending.delete(place);
      throw error;
    }
  }

  /** Closes the connection of a host that is gone, unless others may share it. */
  async discard(connection: NatsConnection): Promise<void> {
    if (this.hostsPerConnection === 1 && this.#connections.delete(connection)) await connection.close();
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pending.values());
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }

  async #connect(place: number): Promise<NatsConnection> {
    const connection = await connect({
      name: `playground-${place}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 50,
      ...this.options,
    });
    this.#connections.add(connection);
    return connection;
  }
}
