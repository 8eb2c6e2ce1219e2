import { asFailure, type Clock, type Failure } from "../../../shared/contract/index.ts";
import type { LatticeRow } from "../../../shared/lattice/schema.ts";
import type { Host, Link } from "../client/control-types.ts";
import type { LatticeReader } from "../client/lattice-reader.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { Hosts } from "../inventory/hosts.ts";
import type { Fact } from "../inventory/inventory.ts";
import { isoTime } from "../inventory/rows.ts";
import { gatherHosts } from "./gather-hosts.ts";
import { HostPings } from "./host-pings.ts";
import { LinkReading } from "./link-reading.ts";
import { ReadScheduler } from "./read-scheduler.ts";

export interface LatticeSyncOptions {
  clock: Clock;
  reader: LatticeReader;
  hosts: Hosts;
  apply: (fact: Fact) => void;
  readHost: (hostId: string) => Promise<unknown>;
  onPhase: () => void;
  /** Everything has been read. */
  onRead: () => void;
}

type Phase = LatticeRow["phase"];
export type SyncStatus = Pick<
  LatticeRow,
  "phase" | "phaseSince" | "dataFrom" | "message" | "silentHosts" | "linksReadAt"
>;

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** Events do not follow the topic prefix (wasmcloud-control §1.5). */
const nobodyAnswered =
  "No host answered so far. If they send heartbeats all the same, check the connection's topic prefix: they listen on another one.";

/** Why nobody answered the ping; one that lasts is not asked for again. */
interface PingProblem {
  message: string;
  lasts: boolean;
}

/** Reads a lattice when following begins and after each reconnect, and single hosts when something is in doubt. */
export class LatticeSync {
  /** Resolves when the first reading is over. */
  readonly firstReading: Promise<void>;
  readonly #options: LatticeSyncOptions;
  readonly #scheduler: ReadScheduler;
  readonly #links: LinkReading;
  readonly #pings: HostPings;
  readonly #silent = new Map<string, string>();
  #phase: Phase = "reading";
  #phaseSince: string;
  #dataFrom: string | undefined;
  #pingProblem: PingProblem | undefined;
  /** Readings in a row that nobody answered. */
  #unanswered = 0;
  #refusal: Failure | undefined;
  #gathering: AbortController | undefined;
  #cancelRetry: () => void = () => undefined;
  #settledOnce = false;
  #settle: () => void = () => undefined;
  #closed = false;

  constructor(options: LatticeSyncOptions) {
    const { clock, reader, apply } = options;
    this.#options = options;
    this.#phaseSince = isoTime(clock.now());
    this.firstReading = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#scheduler = new ReadScheduler({
      clock,
      read: options.readHost,
      onFailure: (hostId, failure, attempt) => this.#noteSilence(hostId, failure, attempt),
    });
    this.#pings = new HostPings({
      clock,
      hosts: options.hosts,
      ping: () => this.#ping(new AbortController().signal, () => undefined),
    });
    this.#links = new LinkReading({
      clock,
      read: () => reader.links(),
      apply,
      canRead: () => this.#phase !== "reconnecting",
    });
  }

  get settledOnce(): boolean {
    return this.#settledOnce;
  }

  /** Reads hosts, inventories and links; a later run takes the place of one under way. Never rejects. */
  async run(): Promise<void> {
    if (this.#closed) return;
    this.#gathering?.abort();
    this.#cancelRetry();
    const gathering = new AbortController();
    this.#gathering = gathering;
    this.#enter("reading");
    const reads: Promise<void>[] = [];
    const asked = new Set<string>();
    const read = (hostId: string): void => {
      if (asked.has(hostId)) return;
      asked.add(hostId);
      reads.push(this.#scheduler.now(hostId));
    };
    for (const { row } of this.#options.hosts.entries.values()) if (row.status !== "stopped") read(row.id);
    await this.#gather(gathering, read);
    await Promise.all([...reads, this.#links.now()]);
    if (this.#gathering !== gathering || gathering.signal.aborted || this.#closed) return;
    this.#finish();
  }

  /** What is shown is of now only where somebody answered; until then it stays what it was, and is asked for again. */
  #finish(): void {
    this.#settledOnce = true;
    this.#settle();
    if (this.#refusal) this.#enter("failed");
    else if (this.#pingProblem?.lasts) this.#enter("failed");
    else if (!this.#pingProblem) this.#enter("live");
    if (this.#pingProblem?.lasts === false) {
      this.#options.onPhase();
      const pause = Math.min(firstRetryMs * 2 ** this.#unanswered, longestRetryMs);
      this.#unanswered += 1;
      this.#cancelRetry = this.#options.clock.after(pause, () => void this.run());
      return;
    }
    this.#unanswered = 0;
    this.#dataFrom = undefined;
    this.#options.onRead();
  }

  /** The connection is down: nothing is read until `run`. */
  pause(): void {
    this.#gathering?.abort();
    this.#cancelRetry();
    this.#dataFrom ??= isoTime(this.#options.clock.now());
    this.#enter("reconnecting");
  }

  /** The server does not let this account hear the lattice's events. */
  refused(failure: Failure): void {
    this.#refusal = failure;
    if (this.#phase === "live") this.#enter("failed");
  }

  readSoon(hostId: string): void {
    if (this.#phase !== "reconnecting") this.#scheduler.soon(hostId);
  }

  /** Reads the links and shows them. Rejects with what keeps them from being read. */
  readLinks(): Promise<readonly Link[]> {
    return this.#links.list();
  }

  readLinksSoon(): void {
    this.#links.soon();
  }

  /** Looks for what is due; called again and again. */
  tick(): void {
    if (this.#phase === "live" || this.#phase === "failed") this.#pings.tick();
  }

  /** Asks all hosts who they are; resolves when they have answered. Never rejects. */
  pingHosts(): Promise<void> {
    return this.#pings.now();
  }

  /** A host answered: it is not silent. */
  answered(hostId: string): void {
    this.#silent.delete(hostId);
    this.#scheduler.settle(hostId);
  }

  /** The host is listed no more. */
  forget(hostId: string): void {
    this.#silent.delete(hostId);
    this.#scheduler.forget(hostId);
  }

  /** Takes from an event what it says about readings. */
  heard(event: KnownEvent): void {
    if (event.type === "host_heartbeat") this.answered(event.source);
    else if (event.type === "host_stopped") this.forget(event.source);
    else if (event.type === "linkdef_set" || event.type === "linkdef_deleted") this.#links.heard(event);
  }

  status(): SyncStatus {
    const message = this.#refusal?.message ?? this.#pingProblem?.message ?? this.#links.problem;
    return {
      phase: this.#phase,
      phaseSince: this.#phaseSince,
      ...(this.#dataFrom === undefined ? {} : { dataFrom: this.#dataFrom }),
      ...(message === undefined ? {} : { message }),
      ...(this.#links.readAt === undefined ? {} : { linksReadAt: isoTime(this.#links.readAt) }),
      silentHosts: [...this.#silent].map(([id, text]) => ({
        id,
        friendlyName: this.#nameOf(id),
        message: text,
      })),
    };
  }

  close(): void {
    this.#closed = true;
    this.#gathering?.abort();
    this.#cancelRetry();
    this.#scheduler.close();
    this.#links.close();
    this.#settle();
  }

  async #gather({ signal }: AbortController, read: (hostId: string) => void): Promise<void> {
    let answers = 0;
    try {
      await this.#ping(signal, ({ id }) => {
        answers += 1;
        if (id !== "") read(id);
      });
      // Nobody listening is the word of the server; hosts that were there may come back to it later than the console.
      const silent = answers === 0 && this.#knowsHosts();
      this.#pingProblem = silent ? { message: nobodyAnswered, lasts: false } : undefined;
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = asFailure(error);
      this.#pingProblem = {
        message: `The hosts could not be asked: ${message}`,
        lasts: code === "forbidden",
      };
    }
  }

  #ping(signal: AbortSignal, onHost: (host: Host) => void): Promise<void> {
    const { clock, reader, apply } = this.#options;
    const askedAt = clock.now();
    return gatherHosts({
      clock,
      reader,
      signal,
      onHost: (host) => {
        if (this.#closed || signal.aborted) return;
        apply({ kind: "host", host, askedAt });
        onHost(host);
      },
    });
  }

  /** No responders right after a start may only mean that the host is not through with it (wasmcloud-control §4.3). */
  #noteSilence(hostId: string, failure: Failure, attempt: number): boolean {
    const row = this.#options.hosts.get(hostId)?.row;
    if (!row || row.status === "stopped" || this.#phase === "reconnecting") return false;
    if (failure.code !== "not_found" || attempt > 1) {
      const message = explained(failure);
      this.#silent.set(hostId, message);
      this.#options.apply({ kind: "silent", hostId, message });
      this.#options.onPhase();
    }
    return row.status !== "lost";
  }

  #knowsHosts(): boolean {
    const { live, stale } = this.#options.hosts.byStatus;
    return live + stale > 0;
  }

  #nameOf(hostId: string): string {
    return this.#options.hosts.get(hostId)?.row.friendlyName ?? hostId;
  }

  #enter(phase: Phase): void {
    if (this.#phase !== phase) this.#phaseSince = isoTime(this.#options.clock.now());
    this.#phase = phase;
    this.#options.onPhase();
  }
}

/** Silence has more than one meaning, which its hint names. */
function explained({ code, message, hint }: Failure): string {
  return code === "timeout" && hint !== undefined ? `${message} ${hint}` : message;
}
