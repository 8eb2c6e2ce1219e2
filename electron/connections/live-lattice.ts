import { DebugEvents, Events } from "nats";
import type { ProfileOf } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { measureRoundTrip } from "./diagnosis.ts";
import { LiveConnection, type LiveConnectionParts } from "./live-connection.ts";
import { type NatsConnection, openNats } from "./nats.ts";
import { mayPass, natsFailure } from "./nats-failure.ts";

const roundTripEveryMs = 10_000;
const drainMs = 1_500;

interface LiveLatticeParts extends LiveConnectionParts {
  onOpened: (profile: ProfileOf<"lattice">, nats: NatsConnection) => void;
  onClosed: () => void;
}

/** The life of one connection to the NATS servers of a lattice. */
export class LiveLattice extends LiveConnection<ProfileOf<"lattice">, NatsConnection> {
  private roundTripTimer: NodeJS.Timeout | undefined;

  constructor(
    profile: ProfileOf<"lattice">,
    private readonly lattice: LiveLatticeParts,
  ) {
    super(profile, lattice);
  }

  /** The usable connection; undefined unless it is open at this moment. */
  get nats(): NatsConnection | undefined {
    return this.status.state === "open" ? this.link : undefined;
  }

  protected async connect(): Promise<NatsConnection> {
    const { profile } = this;
    return openNats(profile.target, await this.parts.secrets(profile));
  }

  protected begin(connection: NatsConnection): void {
    this.change({ state: "open", server: connection.getServer() });
    void this.follow(connection);
    void this.awaitEnd(connection);
    void this.measure();
    this.roundTripTimer = setInterval(() => void this.measure(), roundTripEveryMs);
    this.lattice.onOpened(this.profile, connection);
  }

  protected end(): void {
    clearInterval(this.roundTripTimer);
    this.lattice.onClosed();
  }

  /** A server that does not take in time what was sent is left behind. */
  protected shut(connection: NatsConnection): Promise<void> {
    return drain(connection);
  }

  protected failureOf(error: unknown): Failure {
    return natsFailure(error, { addresses: this.profile.target.addresses });
  }

  protected mayPass(failure: Failure): boolean {
    return mayPass(failure);
  }

  private async follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (this.link !== connection) return;
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
    if (this.link === connection) this.lost(error ? this.failureOf(error) : lost());
  }

  private async measure(): Promise<void> {
    const connection = this.nats;
    if (!connection) return;
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
