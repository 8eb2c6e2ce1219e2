import type { ProfileOf, Secrets } from "../../shared/connections/schema.ts";
import { Failure } from "../../shared/contract/index.ts";
import { Emitter } from "../upstream/emitter.ts";
import { withTimeLimit } from "../upstream/time-limit.ts";
import { measureRoundTrip } from "./diagnosis.ts";
import { type NatsConnection, openNats } from "./nats.ts";
import { natsFailure } from "./nats-failure.ts";
import { type ConnectionChange, watchConnection } from "./nats-watch.ts";
import type { Scope } from "./scope.ts";
import type { LinkEvent, SystemSession } from "./system-module.ts";

const drainMs = 1_500;

/** Opens the NATS connection of a lattice's profile under a scope. Throws a Failure. */
export async function connectNats(
  profile: ProfileOf<"lattice">,
  secrets: Secrets,
  scope: Scope,
): Promise<NatsLink> {
  const nats = await openNats(profile.target, secrets);
  // A server that does not take in time what was sent is left behind.
  scope.onEnd(() => drain(nats));
  return new NatsLink(nats, profile, scope);
}

/** One NATS connection, and what it tells about itself: losses, returns, its end. */
export class NatsLink implements SystemSession {
  readonly #events = new Emitter<[LinkEvent]>();
  readonly #scope: Scope;

  constructor(
    readonly nats: NatsConnection,
    readonly profile: ProfileOf<"lattice">,
    scope: Scope,
  ) {
    this.#scope = scope;
    scope.onEnd(watchConnection(nats).listen((change) => this.#changed(change)));
    void this.#awaitEnd();
  }

  get server(): string {
    return this.nats.getServer();
  }

  onLink(listener: (event: LinkEvent) => void): () => void {
    return this.#events.on(listener);
  }

  /** The loss of the connection is told by its status. */
  async check(): Promise<number | undefined> {
    const watch = watchConnection(this.nats);
    if (!watch.connected) return undefined;
    const roundTripMs = await measureRoundTrip(this.nats).catch(() => undefined);
    return watch.connected ? roundTripMs : undefined;
  }

  #changed({ kind }: ConnectionChange): void {
    if (kind === "disconnected") this.#emit({ kind: "lost", failure: lost() });
    if (kind === "reconnected") this.#emit({ kind: "back" });
  }

  /** The client gives up only when it is told to, or when the server refuses the credentials again and again. */
  async #awaitEnd(): Promise<void> {
    const error = await this.nats.closed();
    const { addresses } = this.profile.target;
    this.#emit({ kind: "ended", failure: error ? natsFailure(error, { addresses }) : lost() });
  }

  #emit(event: LinkEvent): void {
    if (!this.#scope.isOver) this.#events.emit(event);
  }
}

function lost(): Failure {
  return new Failure({
    code: "unreachable",
    message: "Disconnected; reconnecting automatically.",
    details: { cause: "closed" },
    hint: "Nothing needs to be done. If it lasts, check the server and the network.",
  });
}

async function drain(nats: NatsConnection): Promise<void> {
  try {
    await withTimeLimit(drainMs, () => nats.drain());
  } catch {
    // Already closed by the other side, or too slow.
  } finally {
    await nats.close();
  }
}
