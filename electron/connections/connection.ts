import { isDeepStrictEqual } from "node:util";
import type { ConnectionProfile, ConnectionStatus, Secrets } from "../../shared/connections/schema.ts";
import { asFailure, type Clock, type Failure } from "../../shared/contract/index.ts";
import { Backoff, type Delays } from "../upstream/backoff.ts";
import { Scope } from "./scope.ts";
import type { Sessions } from "./sessions.ts";
import type { AnySystemModule, LinkEvent, SystemSession } from "./system-module.ts";

const retryDelays: Delays = { firstMs: 1_000, longestMs: 30_000 };
/** So that the consoles of a team do not all come back at once. */
const jitter = 0.25;
/** A link that does not close in this time is left behind. */
const longestStopMs = 5_000;

/** How often a system is asked whether it is still there: while it is, and while it is not. Milliseconds. */
export interface CheckPace {
  openMs: number;
  lostMs: number;
}

export const defaultPace: CheckPace = { openMs: 10_000, lostMs: 2_000 };

export interface ConnectionParts {
  /** Throws `not_found` where this build has no module for the profile's system. */
  module(profile: ConnectionProfile): AnySystemModule;
  /** The secrets that may go where this profile leads. */
  secrets(profile: ConnectionProfile): Promise<Secrets>;
  sessions: Sessions;
  clock: Clock;
  pace: CheckPace;
  onStatus(): void;
  onError(error: unknown): void;
}

interface Attempt {
  scope: Scope;
  /** Resolves when it has come to something, or was overtaken. */
  settled: Promise<void>;
}

/**
 * The life of one connection: closed, opening, open, reconnecting (by itself, endlessly) or failed. Each attempt has a
 * scope, and only the one whose scope still lives may register a session: a late one finds its scope over and vanishes.
 * A failed attempt is repeated when its cause may pass; network trouble is never thrown, it is in `status`.
 * `start`, `stop` and `replace` of one connection must not overlap (see `SerialQueues`).
 */
export class Connection {
  status: ConnectionStatus;
  #profile: ConnectionProfile;
  readonly #parts: ConnectionParts;
  readonly #retries = new Backoff(retryDelays, jitter);
  /** From `start` to `stop`. */
  #life: Scope | undefined;
  #attempt: Attempt | undefined;
  #session: SystemSession | undefined;
  #cancelRetry: () => void = () => undefined;
  #isEnded = false;

  constructor(profile: ConnectionProfile, parts: ConnectionParts) {
    this.#profile = profile;
    this.#parts = parts;
    this.status = { state: "closed", since: this.#timestamp() };
  }

  get profile(): ConnectionProfile {
    return this.#profile;
  }

  /** Opens unless it is open; `settled` resolves after the attempt under way, whatever came of it. */
  start(): { settled: Promise<void> } {
    if (this.#session || this.#isEnded) return { settled: Promise.resolve() };
    if (this.#attempt) return { settled: this.#attempt.settled };
    this.#life ??= new Scope(this.#parts.onError);
    this.#cancelRetry();
    this.#retries.reset();
    const attempt = this.#begin(this.#life);
    this.#change({ state: "opening" });
    return { settled: attempt.settled };
  }

  /** Closes for good: what was asked for before and comes later opens nothing any more. */
  end(): Promise<void> {
    this.#isEnded = true;
    return this.stop();
  }

  /** Closes, and stops retrying; resolves when what was sent has left. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#attempt = undefined;
    const ended = life.end();
    this.#change({ state: "closed" });
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(longestStopMs, () => {
        this.#parts.onError(new Error(`${this.#profile.name} takes long to close; it is not waited for`));
        resolve();
      });
    });
    await Promise.race([ended, late]);
    cancel();
  }

  /**
   * Takes a changed profile, and opens again where it leads elsewhere. The session to the old target is no more when the
   * new profile is first seen.
   */
  async replace(profile: ConnectionProfile, secretsChanged: boolean): Promise<void> {
    const before = this.#profile;
    const leadsElsewhere =
      secretsChanged || before.system !== profile.system || !isDeepStrictEqual(before.target, profile.target);
    const adopted =
      !leadsElsewhere ||
      (!secretsChanged && before.system === profile.system && this.#session?.adopt?.(profile) === true);
    this.#profile = profile;
    if (adopted || !this.#life) {
      this.#parts.onStatus();
      return;
    }
    await this.stop();
    this.start();
  }

  #begin(life: Scope): Attempt {
    const scope = life.child();
    const settled = new Promise<void>((resolve) => {
      scope.onEnd(resolve);
      // In a turn of its own, so that the attempt is known before anything comes of it.
      void Promise.resolve()
        .then(() => this.#connect(life, scope))
        .then(resolve);
    });
    const attempt = { scope, settled };
    this.#attempt = attempt;
    return attempt;
  }

  async #connect(life: Scope, scope: Scope): Promise<void> {
    const profile = this.#profile;
    let module: AnySystemModule | undefined;
    try {
      module = this.#parts.module(profile);
      const secrets = await this.#parts.secrets(profile);
      if (scope.isOver) return;
      const session = await module.connect(profile as never, secrets, scope);
      if (scope.isOver) return;
      this.#opened({ session, scope, life, module });
    } catch (error) {
      if (!scope.isOver) this.#failed(asFailure(error), { scope, life, module });
    }
  }

  #opened(made: { session: SystemSession; scope: Scope; life: Scope; module: AnySystemModule }): void {
    const { session, scope, module } = made;
    this.#attempt = undefined;
    this.#session = session;
    scope.onEnd(() => {
      this.#session = undefined;
    });
    this.#retries.reset();
    this.#set({ state: "open", server: session.server });
    this.#parts.sessions.register(this.#profile.id, module, session, scope);
    this.#parts.onStatus();
    if (session.onLink) scope.onEnd(session.onLink((event) => this.#onLink(event, made)));
    void this.#keepChecking(session, scope);
  }

  #onLink(
    event: LinkEvent,
    made: { session: SystemSession; scope: Scope; life: Scope; module: AnySystemModule },
  ): void {
    const { session, scope } = made;
    if (scope.isOver) return;
    if (event.kind === "lost") this.#change({ state: "reconnecting", failure: event.failure.toData() });
    else if (event.kind === "ended") this.#failed(event.failure, made);
    else {
      this.#change({ state: "open", server: session.server });
      void this.#check(session, scope);
    }
  }

  #failed(
    failure: Failure,
    { scope, life, module }: { scope: Scope; life: Scope; module: AnySystemModule | undefined },
  ): void {
    this.#attempt = undefined;
    void scope.end();
    if (module && (module.mayPass ?? mayPassByDefault)(failure)) {
      this.#cancelRetry = life
        .clock(this.#parts.clock)
        .after(this.#retries.next(), () => void this.#begin(life));
    }
    this.#change({ state: "failed", failure: failure.toData() });
  }

  async #keepChecking(session: SystemSession, scope: Scope): Promise<void> {
    await this.#check(session, scope);
    const { openMs, lostMs } = this.#parts.pace;
    const wait = this.status.state === "open" ? openMs : lostMs;
    scope.clock(this.#parts.clock).after(wait, () => void this.#keepChecking(session, scope));
  }

  async #check(session: SystemSession, scope: Scope): Promise<void> {
    try {
      const roundTripMs = await session.check();
      if (scope.isOver || roundTripMs === undefined) return;
      this.#change({ state: "open", server: session.server, roundTripMs });
    } catch (error) {
      if (!scope.isOver) this.#change({ state: "reconnecting", failure: asFailure(error).toData() });
    }
  }

  #change(status: Omit<ConnectionStatus, "since">): void {
    this.#set(status);
    this.#parts.onStatus();
  }

  /** `since` stays while the state stays. */
  #set(status: Omit<ConnectionStatus, "since">): void {
    const since = status.state === this.status.state ? this.status.since : this.#timestamp();
    this.status = { ...status, since };
  }

  #timestamp(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}

function mayPassByDefault({ code }: Failure): boolean {
  return code === "unreachable" || code === "timeout" || code === "upstream_invalid";
}
