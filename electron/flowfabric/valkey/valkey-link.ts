import { Cluster, type Redis } from "iovalkey";
import { Backoff, type Delays, pause } from "../../upstream/backoff.ts";
import { withTimeLimit } from "../../upstream/time-limit.ts";
import { clientOf, type ValkeyOptions } from "./valkey-clients.ts";
import { ClusterDown, requireServing } from "./valkey-connect-failure.ts";

const reconnectDelays: Delays = { firstMs: 50, longestMs: 2_000 };

export interface LinkListeners {
  /** What a connection failed with: the one to a server of a cluster, or else all of them. */
  onError(error: unknown, server: string | undefined): void;
  onReady(): void;
}

/**
 * The connection to Valkey. Where it is lost it is made again, endlessly, and each time by a new client: a cluster's client
 * that loses all servers while it waits for their slots never connects again.
 */
export class ValkeyLink {
  client: Redis | Cluster;
  private readonly waiting = new Set<(ready: boolean) => void>();
  private readonly life = new AbortController();
  private lastError: unknown;

  private constructor(
    private readonly options: ValkeyOptions,
    private readonly listeners: LinkListeners,
  ) {
    this.client = this.newClient();
  }

  /** Resolves when it is connected; throws what the client throws, and is closed then. */
  static async open(options: ValkeyOptions, listeners: LinkListeners): Promise<ValkeyLink> {
    const link = new ValkeyLink(options, listeners);
    try {
      void link.keep(await link.connect());
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get isReady(): boolean {
    return this.client.status === "ready";
  }

  get isClosed(): boolean {
    return this.life.signal.aborted;
  }

  /** Whether it is connected, waiting so many milliseconds for it to come back, and not after the signal. */
  whenReady(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isReady) return Promise.resolve(true);
    if (this.isClosed || signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (ready: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(finish);
        signal?.removeEventListener("abort", onAbort);
        resolve(ready);
      };
      const onAbort = (): void => finish(false);
      const timer = setTimeout(onAbort, timeoutMs);
      this.waiting.add(finish);
      signal?.addEventListener("abort", onAbort);
    });
  }

  close(): void {
    this.life.abort();
    this.client.disconnect();
    for (const finish of this.waiting) finish(false);
  }

  private newClient(): Redis | Cluster {
    const client = clientOf(this.options);
    this.lastError = undefined;
    // The client tells why it cannot connect only here, and without a listener it would end the process.
    client.on("error", (error: unknown) => {
      this.lastError = error;
      this.listeners.onError(error, undefined);
    });
    client.on("node error", (error: unknown, server: string) => this.listeners.onError(error, server));
    return client;
  }

  /** A client that is not ready in time is given up: where a cluster is not well, it would wait in silence. */
  private async connect(): Promise<{ ended: Promise<void> }> {
    const { client } = this;
    const ended = new Promise<void>((resolve) => {
      client.once("end", resolve);
    });
    const endedEarly = ended.then(() => {
      throw new Error("Connection is closed.");
    });
    try {
      // As a call that gets no answer; the client itself may go on trying for ever.
      await withTimeLimit(
        this.options.timeoutMs,
        () => Promise.race([connected(client), endedEarly]),
        () => new Error("Command timed out"),
      );
    } catch (error) {
      client.disconnect();
      throw error instanceof ClusterDown ? error : (this.lastError ?? error);
    }
    this.listeners.onReady();
    for (const finish of this.waiting) finish(true);
    return { ended };
  }

  private async keep(connected: { ended: Promise<void> }): Promise<void> {
    let current: { ended: Promise<void> } | undefined = connected;
    while (current) {
      await current.ended;
      current = await this.reconnected();
    }
  }

  /** Resolves with a new connection, or with none once this is closed. */
  private async reconnected(): Promise<{ ended: Promise<void> } | undefined> {
    for (const backoff = new Backoff(reconnectDelays); ; ) {
      await pause(backoff.next(), this.life.signal);
      if (this.isClosed) return undefined;
      this.client = this.newClient();
      try {
        return await this.connect();
      } catch (error) {
        this.listeners.onError(error, undefined);
      }
    }
  }
}

/** Whichever server of a cluster answers first says how the cluster is: another one may hang. */
async function connected(client: Redis | Cluster): Promise<void> {
  await client.connect();
  if (!(client instanceof Cluster)) return;
  try {
    requireServing(await Promise.any(client.nodes("master").map((node) => node.cluster("INFO"))));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
