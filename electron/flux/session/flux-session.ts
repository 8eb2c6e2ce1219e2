import { isDeepStrictEqual } from "node:util";
import type { FluxTarget } from "../../../shared/connections/flux-target.ts";
import type { ProfileOf, System } from "../../../shared/connections/schema.ts";
import { type Clock, Failure } from "../../../shared/contract/index.ts";
import type { FluxListener } from "../../../shared/flux/listener-operations.ts";
import type { FluxDaemonRow, FluxEvent } from "../../../shared/flux/schema.ts";
import type { Scope } from "../../connections/scope.ts";
import type { SystemSession } from "../../connections/system-module.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { isLoopback } from "../../upstream/loopback.ts";
import type { CallTimes } from "../client/daemon-client.ts";
import { decodeFluxEvent, listedEvent } from "../client/decode-event.ts";
import type { ListenerLimits } from "../listener/limits.ts";
import { Listener } from "../listener/listener.ts";
import type { FluxEventStore } from "./event-store.ts";
import { FluxDaemon } from "./flux-daemon.ts";

export interface FluxSessionParts {
  connectionId: string;
  target: FluxTarget;
  events: FluxEventStore;
  limits: ListenerLimits;
  times: CallTimes;
  readEveryMs: number;
  clock: Clock;
  /** Listening ends with it. */
  scope: Scope;
  onError(error: unknown): void;
}

/** Among so many of its newest events a daemon's last syncs, and what hinders them, are looked for. */
const recalledEvents = 100;

/** One open listener with all daemons that may come to it. */
export class FluxSession implements SystemSession {
  readonly listener: Listener;
  readonly changes = new Emitter<[{ upsert: FluxDaemonRow[]; remove: string[] }]>();
  /** A daemon has connected. */
  readonly arrivals = new Emitter<[FluxDaemon]>();
  readonly newEvents = new Emitter<[FluxEvent]>();
  readonly #parts: FluxSessionParts;
  readonly #daemons = new Map<string, FluxDaemon>();
  #holders: FluxTarget["daemons"];

  constructor(parts: FluxSessionParts) {
    this.#parts = parts;
    this.#holders = parts.target.daemons;
    for (const holder of this.#holders) this.#declare(holder);
    this.listener = new Listener({
      target: parts.target,
      limits: parts.limits,
      holders: () => this.#holders,
      onDaemon: (daemonId, socket) => {
        const daemon = this.daemon(daemonId);
        const onEnd = daemon.attach(socket);
        this.arrivals.emit(daemon);
        return onEnd;
      },
      onEvent: (daemonId, body) => this.#takeEvent(daemonId, body),
      onChange: () => undefined,
      now: () => parts.clock.now(),
    });
    parts.scope.onEnd(() => this.#close());
  }

  get server(): string {
    return this.listener.url;
  }

  /** There is no round trip to a port of our own: the slowest of the daemons' counts. */
  async check(): Promise<number> {
    const times = this.rows().map(({ status, roundTripMs = 0 }) =>
      status === "connected" ? roundTripMs : 0,
    );
    return Math.max(0, ...times);
  }

  get daemons(): readonly FluxDaemon[] {
    return [...this.#daemons.values()];
  }

  rows(): FluxDaemonRow[] {
    return this.daemons.map((daemon) => daemon.row());
  }

  /** Throws `not_found`. */
  daemon(daemonId: string): FluxDaemon {
    const daemon = this.#daemons.get(daemonId);
    if (daemon) return daemon;
    throw new Failure({
      code: "not_found",
      message: `There is no daemon ${daemonId} on this connection.`,
      hint: "List the daemons to see their ids.",
    });
  }

  /** The daemon; undefined where there is none of that id. */
  findDaemon(daemonId: string): FluxDaemon | undefined {
    return this.#daemons.get(daemonId);
  }

  /** Other tokens need no new port. */
  adopt(profile: ProfileOf<System>): boolean {
    if (profile.system !== "flux") return false;
    const { daemons, ...place } = profile.target;
    const { daemons: _daemons, ...before } = this.#parts.target;
    if (!isDeepStrictEqual(place, before)) return false;
    this.#adoptHolders(daemons);
    return true;
  }

  /** A revoked or renewed token drops its daemon. */
  #adoptHolders(holders: FluxTarget["daemons"]): void {
    const before = new Map(this.#holders.map((holder) => [holder.id, holder]));
    this.#holders = holders;
    for (const holder of holders) this.#adoptOne(holder, before.get(holder.id)?.tokenHash);
    const gone = [...before.keys()].filter((id) => !holders.some((holder) => holder.id === id));
    for (const id of gone) {
      this.#daemons.get(id)?.end("its token was revoked");
      this.#daemons.delete(id);
    }
    if (gone.length > 0) this.changes.emit({ upsert: [], remove: gone });
  }

  describe(): FluxListener {
    const { host, certificateFile } = this.#parts.target;
    return {
      listening: true,
      url: this.listener.url,
      tls: certificateFile !== undefined,
      loopbackOnly: isLoopback(host),
      sockets: this.listener.socketCount,
      strangers: this.listener.strangers,
      refusedCount: this.listener.refusals.count,
      evictedCount: this.listener.evicted,
      refused: [...this.listener.refusals.list],
      droppedEvents: this.listener.droppedEvents,
    };
  }

  async #close(): Promise<void> {
    for (const daemon of this.daemons) daemon.end("the console stopped listening");
    await this.listener.close();
  }

  #adoptOne(holder: FluxTarget["daemons"][number], formerHash: string | undefined): void {
    const daemon = this.#daemons.get(holder.id);
    if (!daemon) {
      const added = this.#declare(holder);
      this.changes.emit({ upsert: [added.row()], remove: [] });
      return;
    }
    if (daemon.name !== holder.name) daemon.rename(holder.name);
    if (formerHash !== undefined && formerHash !== holder.tokenHash) daemon.drop("its token was replaced");
  }

  #declare(holder: { id: string; name: string }): FluxDaemon {
    const { connectionId, events, times, readEveryMs, clock, scope, onError } = this.#parts;
    const daemon: FluxDaemon = new FluxDaemon(holder, {
      times,
      readEveryMs,
      clock,
      scope: scope.child(),
      onError,
      onChange: () => {
        if (this.#daemons.get(holder.id) === daemon)
          this.changes.emit({ upsert: [daemon.row()], remove: [] });
      },
    });
    daemon.recall(
      events.list({ connectionId, daemonId: holder.id, limit: recalledEvents }),
      ({ sequence }) => {
        const kept = events.get(connectionId, sequence);
        return kept && decodeFluxEvent(kept.raw);
      },
    );
    this.#daemons.set(holder.id, daemon);
    return daemon;
  }

  /** Kept whatever it says: a refused event would break the daemon's jobs (flux-rpc §1.10). */
  #takeEvent(daemonId: string, body: string): void {
    const { connectionId, events, clock, onError } = this.#parts;
    try {
      const decoded = decodeFluxEvent(body);
      const receivedAt = new Date(clock.now()).toISOString();
      const event = events.append(
        { ...listedEvent(decoded), connectionId, daemonId, receivedAt },
        decoded.raw,
      );
      this.daemon(daemonId).noteEvent(event, decoded);
      this.newEvents.emit(event);
    } catch (error) {
      onError(error);
    }
  }
}
