import { DebugEvents, Events } from "nats";
import type { ConnectionProfile, ConnectionStatus, Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { measureRoundTrip } from "./diagnosis.ts";
import { type NatsConnection, openNats } from "./nats.ts";
import { mayPass, natsFailure } from "./nats-failure.ts";
import { ReconnectWait } from "./reconnect-wait.ts";

const roundTripEveryMs = 10_000;
const drainMs = 1_500;
const retryFirstMs = 1_000;
const retryLastMs = 30_000;

/** What a live connection needs and whom it tells. */
export interface LiveConnectionParts {
  secrets: () => Promise<Secrets>;
  now: () => number;
  onStatus: () => void;
  onOpened: (profile: ConnectionProfile, nats: NatsConnection) => void;
  onClosed: () => void;
}

/**
 * The life of one connection: closed, opening, open, reconnecting (by itself, endlessly) or failed. A failed attempt is
 * repeated in the background when its cause may pass; network trouble is never thrown, it is in `status`.
 */
export class LiveConnection {
  status: ConnectionStatus;
  private connection: NatsConnection | undefined;
  private attempt: Promise<void> | undefined;
  /** Changes with each `close`; work begun under an older number has been overtaken. */
  private epoch = 0;
  private readonly retryWait = new ReconnectWait(retryFirstMs, retryLastMs);
  private retryTimer: NodeJS.Timeout | undefined;
  private roundTripTimer: NodeJS.Timeout | undefined;

  constructor(
    public profile: ConnectionProfile,
    private readonly parts: LiveConnectionParts,
  ) {
    this.status = { state: "closed", since: this.timestamp() };
  }

  get isActive(): boolean {
    return this.status.state !== "closed";
  }

  /** The usable connection; undefined unless it is open at this moment. */
  get nats(): NatsConnection | undefined {
    return this.status.state === "open" ? this.connection : undefined;
  }

  /** Opens unless it is open; resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    if (this.connection) return;
    if (!this.attempt) {
      clearTimeout(this.retryTimer);
      this.retryWait.reset();
      this.change({ state: "opening" });
      this.begin();
    }
    await this.attempt;
  }

  /** Closes after what was sent has left; a server that does not take it in time is left behind. */
  async close(): Promise<void> {
    this.epoch += 1;
    clearTimeout(this.retryTimer);
    clearInterval(this.roundTripTimer);
    const { connection } = this;
    this.connection = undefined;
    this.attempt = undefined;
    if (this.isActive) this.change({ state: "closed" });
    if (connection) {
      this.parts.onClosed();
      await drain(connection);
    }
  }

  private timestamp(): string {
    return new Date(this.parts.now()).toISOString();
  }

  /** `since` stays while the state stays. */
  private change(status: Omit<ConnectionStatus, "since">): void {
    const since = status.state === this.status?.state ? this.status.since : this.timestamp();
    this.status = { ...status, since };
    this.parts.onStatus();
  }

  private begin(): void {
    const { epoch } = this;
    const attempt = this.tryToOpen(epoch).finally(() => {
      if (this.attempt === attempt) this.attempt = undefined;
    });
    this.attempt = attempt;
  }

  private async tryToOpen(epoch: number): Promise<void> {
    const { target } = this.profile;
    try {
      const connection = await openNats(target, await this.parts.secrets());
      if (epoch === this.epoch) this.opened(connection);
      else await connection.close();
    } catch (error) {
      if (epoch === this.epoch) this.failed(natsFailure(error, { addresses: target.addresses }));
    }
  }

  private opened(connection: NatsConnection): void {
    this.connection = connection;
    this.retryWait.reset();
    this.change({ state: "open", server: connection.getServer() });
    void this.follow(connection);
    void this.awaitEnd(connection);
    void this.measure();
    this.roundTripTimer = setInterval(() => void this.measure(), roundTripEveryMs);
    this.parts.onOpened(this.profile, connection);
  }

  private failed(failure: Failure): void {
    this.change({ state: "failed", failure: failure.toData() });
    if (!mayPass(failure)) return;
    this.retryTimer = setTimeout(() => this.begin(), this.retryWait.milliseconds);
    this.retryWait.failed();
  }

  private async follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (this.connection !== connection) return;
      if (type === Events.Disconnect) this.change({ state: "reconnecting", failure: lost().toData() });
      if (type === Events.Reconnect) {
        this.change({ state: "open", server: connection.getServer() });
        void this.measure();
      }
      // A stale connection is about to be dropped: say so at once instead of after the socket's end.
      if (type === DebugEvents.StaleConnection)
        this.change({ state: "reconnecting", failure: lost().toData() });
    }
  }

  /** The client gives up only when it is told to, or when the server refuses the credentials again and again. */
  private async awaitEnd(connection: NatsConnection): Promise<void> {
    const error = await connection.closed();
    if (this.connection !== connection) return;
    this.connection = undefined;
    clearInterval(this.roundTripTimer);
    this.parts.onClosed();
    this.failed(error ? natsFailure(error, { addresses: this.profile.target.addresses }) : lost());
  }

  private async measure(): Promise<void> {
    const { connection } = this;
    if (!connection || this.status.state !== "open") return;
    try {
      const roundTripMs = await measureRoundTrip(connection);
      if (this.nats === connection) this.change({ ...this.status, roundTripMs });
    } catch {
      // The loss of the connection is told by its status.
    }
  }
}

function lost(): Failure {
  return new Failure({
    code: "unreachable",
    message: "The connection was lost; it is being made again.",
    details: { cause: "closed" },
    hint: "Nothing needs to be done. If it lasts, check the server and the network.",
  });
}

async function drain(connection: NatsConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainMs);
  });
  try {
    await Promise.race([connection.drain(), late]);
  } catch {
    // Already closed by the other side.
  } finally {
    clearTimeout(timer);
    await connection.close();
  }
}
