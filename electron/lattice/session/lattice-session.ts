import { asFailure, type Clock, Failure } from "../../../shared/contract/index.ts";
import type { EventRow } from "../../../shared/events/schema.ts";
import type {
  ComponentRow,
  HostRow,
  LatticeRow,
  LinkRow,
  ProviderRow,
} from "../../../shared/lattice/schema.ts";
import type { Scope } from "../../connections/scope.ts";
import { Emitter } from "../../upstream/emitter.ts";
import type { ControlClient } from "../client/control-client.ts";
import type { LatticeReader } from "../client/lattice-reader.ts";
import { decodeEvent, unusable } from "../events/decode-event.ts";
import type { EventFeed } from "../events/event-feed.ts";
import { type ArrivedMessage, EventIntake } from "../events/event-intake.ts";
import { EventRecorder, type EventSink } from "../events/event-recorder.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import { OverlappingEvents } from "../events/overlapping-events.ts";
import type { Fact } from "../inventory/inventory.ts";
import { type LatticeChanges, LiveInventory } from "../inventory/live-inventory.ts";
import { isoTime } from "../inventory/rows.ts";
import type { WorkloadReference } from "../inventory/workloads.ts";
import { LatticeSync } from "./lattice-sync.ts";
import { RecentAuctions } from "./recent-auctions.ts";

export interface LatticeSessionOptions {
  connectionId: string;
  lattice: string;
  eventPrefix: string;
  /** Heartbeat period of hosts until their own is learned. */
  heartbeatSeconds: number;
  client: ControlClient;
  reader: LatticeReader;
  feed: EventFeed;
  sink: EventSink;
  /** Following ends with it. */
  scope: Scope;
  clock: Clock;
  /** Receives exceptions in listeners and in the sink; following goes on. */
  onError: (error: unknown) => void;
}

/** What a directed read brought. */
export interface HostReading {
  host: HostRow;
  components: readonly ComponentRow[];
  providers: readonly ProviderRow[];
  /** The inventory as the host sent it. */
  raw: unknown;
  readAt: string;
}

const slowestTickMs = 250;
/** Ticks this far apart mean that the console did not run. */
const awayMs = 5_000;
const reportEveryMs = 10_000;

/**
 * Follows one lattice on one open connection: events first, then the inventory of each host, then live; events that
 * come while a host is read are folded again after its reply, so that there is neither a gap nor a double count.
 */
export class LatticeSession {
  readonly connectionId: string;
  readonly lattice: string;
  readonly client: ControlClient;
  /** Answers to the auctions that are open. */
  readonly auctions: RecentAuctions;
  readonly #options: LatticeSessionOptions;
  readonly #inventory: LiveInventory;
  readonly #recorder: EventRecorder;
  readonly #intake: EventIntake;
  readonly #sync: LatticeSync;
  readonly #overlapping = new OverlappingEvents();
  readonly #changeListeners: Emitter<[LatticeChanges]>;
  readonly #rowListeners: Emitter<[LatticeRow]>;
  readonly #eventListeners: Emitter<[DecodedEvent]>;
  readonly #eventRowListeners: Emitter<[readonly EventRow[]]>;
  readonly #readListeners: Emitter<[]>;
  readonly #imageListeners: Emitter<[WorkloadReference]>;
  #lastRow = "";
  #reportedMs = -Infinity;
  #tickedMs: number;
  /** Whether the server sends the lattice's events, or has refused to. */
  #isSubscribed = false;
  #subscribing: Promise<void> = Promise.resolve();

  constructor(options: LatticeSessionOptions) {
    const { connectionId, lattice, scope, heartbeatSeconds, onError } = options;
    const clock = scope.clock(options.clock);
    this.connectionId = connectionId;
    this.lattice = lattice;
    this.client = options.client;
    this.auctions = new RecentAuctions(onError);
    this.#options = { ...options, clock };
    this.#tickedMs = clock.now();
    this.#changeListeners = new Emitter(onError);
    this.#rowListeners = new Emitter(onError);
    this.#eventListeners = new Emitter(onError);
    this.#eventRowListeners = new Emitter(onError);
    this.#readListeners = new Emitter(onError);
    this.#imageListeners = new Emitter(onError);
    this.#inventory = new LiveInventory(heartbeatSeconds * 1_000);
    this.#recorder = new EventRecorder({ connectionId, lattice });
    this.#intake = new EventIntake((batch) => this.#takeEvents(batch));
    this.#sync = new LatticeSync({
      clock,
      reader: options.reader,
      hosts: this.#inventory.state.hosts,
      apply: (fact) => this.#applyNow(fact),
      readHost: (hostId) => this.#read(hostId),
      onPhase: () => this.#announceRow(),
      onRead: () => this.#readListeners.emit(),
    });
    const tickMs = Math.max(20, Math.min(slowestTickMs, heartbeatSeconds * 250));
    clock.every(tickMs, () => this.#tick());
    scope.onEnd(() => this.#close());
  }

  /** Subscribes, then reads everything; resolves when the first reading is over. Never rejects: `row()` tells. */
  async start(): Promise<void> {
    await this.#subscribe();
    if (!this.#isClosed) await this.#sync.run();
  }

  /** Resolves when the first reading is over, or after the given time. */
  async settled(patienceMs: number): Promise<void> {
    if (this.#sync.settledOnce) return;
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(patienceMs, resolve);
    });
    await Promise.race([this.#sync.firstReading, patience]);
    cancel();
  }

  /** The connection is down: what is shown was true until now. */
  connectionLost(): void {
    this.#intake.drain();
    this.#applyNow({ kind: "outage" });
    this.#sync.pause();
  }

  /** The connection is up again; events were lost meanwhile, so everything is read once more. */
  connectionBack(): void {
    this.#applyNow({ kind: "resumed" });
    void this.start();
  }

  row(): LatticeRow {
    const now = this.#options.clock.now();
    const { hosts, components, providers, links } = this.#inventory.state;
    const counts = this.#recorder.counts(now);
    return {
      lattice: this.lattice,
      followed: true,
      ...this.#sync.status(),
      hosts: { ...hosts.byStatus },
      ...(hosts.isFull ? { hostsFull: true } : {}),
      componentIds: components.spread.size,
      components: components.size,
      providers: providers.size,
      unhealthyProviders: providers.unhealthy,
      silentProviders: providers.silent,
      links: links.rows.size,
      eventsTotal: counts.total,
      eventsPerSecond: counts.perSecond,
      malformedEvents: counts.malformed,
      unknownEvents: counts.unknown,
      ...(counts.lastAt === undefined ? {} : { lastEventAt: counts.lastAt }),
    };
  }

  hosts(): HostRow[] {
    return [...this.#inventory.state.hosts.entries.values()].map(({ row }) => row);
  }

  host(hostId: string): HostRow | undefined {
    return this.#inventory.state.hosts.get(hostId)?.row;
  }

  components(): ComponentRow[] {
    return this.#inventory.state.components.rows();
  }

  component(hostId: string, componentId: string): ComponentRow | undefined {
    return this.#inventory.state.components.get(hostId, componentId);
  }

  providers(): ProviderRow[] {
    return this.#inventory.state.providers.rows();
  }

  links(): LinkRow[] {
    return [...this.#inventory.state.links.rows.values()];
  }

  /** Calls back with each batch of changed rows; returns what ends it. */
  onChange(listener: (changes: LatticeChanges) => void): () => void {
    return this.#changeListeners.on(listener);
  }

  /** Calls back when the lattice's own row changes, a few times a second at most. */
  onRow(listener: (row: LatticeRow) => void): () => void {
    return this.#rowListeners.on(listener);
  }

  /** Calls back with every event in the order of arrival, before its rows are shown. */
  onEvent(listener: (event: DecodedEvent) => void): () => void {
    return this.#eventListeners.on(listener);
  }

  /** Calls back when everything has been read, after the opening and after each loss of the connection. */
  onRead(listener: () => void): () => void {
    return this.#readListeners.on(listener);
  }

  /** Calls back with each component whose image changed while the connection was lost and its host ran. */
  onImageChange(listener: (component: WorkloadReference) => void): () => void {
    return this.#imageListeners.on(listener);
  }

  /** Calls back with the events that went into the log. */
  onEventRows(listener: (rows: readonly EventRow[]) => void): () => void {
    return this.#eventRowListeners.on(listener);
  }

  /** Reads a host's inventory from the host itself and shows it. Rejects with `not_found`, `timeout` and others. */
  async hostInventory(hostId: string): Promise<HostReading> {
    const raw = await this.#read(hostId).catch((error) => {
      throw this.#named(hostId, error);
    });
    const host = this.host(hostId);
    if (!host) throw new Failure({ code: "not_found", message: `Host ${hostId} stopped a moment ago.` });
    const { components, providers } = this.#inventory.state;
    return {
      host,
      components: [...components.on(hostId).rows.values()],
      providers: [...providers.on(hostId).rows.values()],
      raw,
      readAt: isoTime(this.#options.clock.now()),
    };
  }

  /** Reads the links from a host and shows them. Rejects with what keeps them from being read. */
  readLinks(): Promise<readonly LinkRow[]> {
    return this.#sync.readLinks();
  }

  /** The JetStream domain that the hosts name, a running one before one that is gone. */
  jetStreamDomain(): string | undefined {
    const named = this.hosts().filter(({ jetStreamDomain }) => jetStreamDomain !== undefined);
    const running = named.find(({ status }) => status === "live" || status === "stale");
    return (running ?? named[0])?.jetStreamDomain;
  }

  /** Asks all hosts who they are, which alone tells their JetStream domain. Never rejects. */
  pingHosts(): Promise<void> {
    return this.#sync.pingHosts();
  }

  get #isClosed(): boolean {
    return this.#options.scope.isOver;
  }

  /** Ends following; rows stay as they are. */
  #close(): void {
    this.#intake.drain();
    this.#intake.close();
    this.#options.feed.unfollow(this.lattice);
    this.#sync.close();
  }

  /** One attempt after the other; a connection that was lost meanwhile is no refusal, and is tried again when it is back. */
  #subscribe(): Promise<void> {
    this.#subscribing = this.#subscribing.then(() => this.#subscribeOnce());
    return this.#subscribing;
  }

  async #subscribeOnce(): Promise<void> {
    if (this.#isSubscribed || this.#isClosed) return;
    const { feed, clock } = this.#options;
    const receive = (subject: string, data: Uint8Array): void =>
      this.#intake.push({ subject, data, at: clock.now() });
    try {
      await feed.follow(this.lattice, receive, (error) => this.#sync.refused(asFailure(error)));
      this.#isSubscribed = true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === "unreachable" || this.#isClosed) return;
      this.#isSubscribed = true;
      this.#sync.refused(failure);
    }
  }

  /** People know hosts by their friendly names. */
  #named(hostId: string, error: unknown): unknown {
    const name = this.host(hostId)?.friendlyName;
    if (!name || !(error instanceof Failure) || error.code !== "not_found") return error;
    const details = { ...error.details, hostId };
    return new Failure({ ...error.toData(), message: `${name} does not answer: it is gone.`, details });
  }

  async #read(hostId: string): Promise<unknown> {
    const { reader, clock } = this.#options;
    const askedAt = clock.now();
    const window = this.#overlapping.open(hostId);
    try {
      const { inventory, raw } = await reader.inventory(hostId);
      // What arrived before the reply belongs before it.
      this.#intake.drain();
      if (this.#isClosed) throw closedMeanwhile();
      this.#applyReading({ kind: "inventory", hostId, inventory, askedAt });
      this.#applyAgain(window.events);
      this.#sync.answered(hostId);
      this.#flush();
      return raw;
    } finally {
      window.close();
    }
  }

  /** A reading that the console cannot take in is one that failed. */
  #applyReading(fact: Fact): void {
    try {
      this.#apply(fact, this.#options.clock.now());
    } catch (error) {
      this.#noteUnusable(error);
      throw unusableReading(error);
    }
  }

  #applyAgain(events: readonly DecodedEvent[]): void {
    for (const event of events) {
      try {
        this.#apply({ kind: "event", event, overlapping: true }, this.#options.clock.now());
      } catch (error) {
        this.#reportRarely(error);
      }
    }
  }

  #takeEvents(batch: readonly ArrivedMessage[]): void {
    for (const message of batch) this.#takeEvent(message);
    const entries = this.#recorder.take(this.#options.clock.now());
    try {
      this.#eventRowListeners.emit(this.#options.sink.append(entries));
    } catch (error) {
      this.#options.onError(error);
    }
    this.#flush();
  }

  /** One event that the console cannot take in costs no other event, and not the console. */
  #takeEvent({ subject, data, at }: ArrivedMessage): void {
    let event = decodeEvent(subject, data, this.#options.eventPrefix);
    try {
      this.#apply({ kind: "event", event }, at);
      this.#overlapping.note(event);
      if (event.kind === "known") this.#sync.heard(event);
      this.#note(event, at);
    } catch (error) {
      this.#reportRarely(error);
      event = unusable(event, error);
      this.#note(event, at);
    }
    this.#eventListeners.emit(event);
  }

  #note(event: DecodedEvent, at: number): void {
    this.#recorder.note(event, at, this.#inventory.state.hosts.get(event.source)?.row.friendlyName);
  }

  /** What fails for one event fails for thousands of its kind, which would drown the log. */
  #reportRarely(error: unknown): void {
    const now = this.#options.clock.now();
    if (now - this.#reportedMs < reportEveryMs) return;
    this.#reportedMs = now;
    this.#options.onError(error);
  }

  #apply(fact: Fact, now: number): void {
    const changes = this.#inventory.apply(fact, now);
    for (const hostId of changes.needsRead) this.#sync.readSoon(hostId);
    for (const hostId of changes.hosts.removed) this.#sync.forget(hostId);
    if (changes.links.needsRead) this.#sync.readLinksSoon();
    for (const component of changes.components.changedImages) this.#imageListeners.emit(component);
  }

  /** Never throws: it runs in timers and in the reader of the connection. */
  #applyNow(fact: Fact): void {
    try {
      this.#apply(fact, this.#options.clock.now());
    } catch (error) {
      this.#noteUnusable(error);
    }
    this.#flush();
  }

  /** Nothing was committed of a fact that led to an error; it counts as malformed. */
  #noteUnusable(error: unknown): void {
    this.#recorder.countMalformed();
    this.#reportRarely(error);
  }

  #flush(): void {
    const changes = this.#inventory.flush();
    if (changes) this.#changeListeners.emit(changes);
  }

  #tick(): void {
    const now = this.#options.clock.now();
    const wasAway = now - this.#tickedMs > awayMs;
    this.#tickedMs = now;
    // While nothing can arrive, silence says nothing about a host; the machine may have slept as well.
    if (this.#sync.status().phase !== "reconnecting") this.#applyNow({ kind: wasAway ? "resumed" : "tick" });
    this.#sync.tick();
    this.#announceRow();
  }

  #announceRow(): void {
    if (this.#isClosed) return;
    const row = this.row();
    const text = JSON.stringify(row);
    if (text === this.#lastRow) return;
    this.#lastRow = text;
    this.#rowListeners.emit(row);
  }
}

function unusableReading(cause: unknown): Failure {
  return new Failure(
    {
      code: "upstream_invalid",
      message: "The host's inventory led to an error in the console; what was known stays.",
      hint: "Look at the log of the console. The host is read again later.",
    },
    { cause },
  );
}

function closedMeanwhile(): Failure {
  return new Failure({
    code: "unreachable",
    message: "The connection was closed while the host was read.",
    hint: "Open the connection and read again.",
  });
}
