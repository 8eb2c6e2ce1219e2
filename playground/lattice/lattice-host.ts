import type { Msg, NatsConnection, Subscription } from "nats";
import type { Random } from "../kit/random.ts";
import { nextTurn, TimerGroup } from "../kit/timers.ts";
import { dispatch } from "./commands/dispatch.ts";
import { checkHealth, crashProvider, watchHealth } from "./commands/provider-health.ts";
import { servingCode } from "./commands/serving-code.ts";
import { EventPublisher } from "./host/event-publisher.ts";
import { createHostFaults } from "./host/faults.ts";
import type { HostContext, Outcome, ProviderBehaviour, Reply } from "./host/host-context.ts";
import { createHostLocks } from "./host/host-lock.ts";
import type { HostOptions } from "./host/host-settings.ts";
import { completeSettings, createHostState } from "./host/host-settings.ts";
import { hostSubscriptions } from "./host/host-subscriptions.ts";
import type { ImageRegistry } from "./host/images.ts";
import { describeInventory, labelsOf, readInventory } from "./host/inventory.ts";
import type { LatticeState } from "./host/lattice-state.ts";
import { LatticeCache } from "./host/lattice-state.ts";
import { sendReply } from "./host/reply-sender.ts";
import { hostFeatures } from "./host/versions.ts";

/** What a simulated host needs from its surroundings. */
export interface HostSurroundings {
  connection: NatsConnection;
  url: string;
  lattice: LatticeState;
  images: ImageRegistry;
  random: Random;
}

export type HostStatus = "new" | "running" | "frozen" | "stopped" | "killed";

/** Before 1.1.1 the period cannot be set (wasmcloud-control §4.4). */
const fixedHeartbeatMilliseconds = 30_000;

/** How long a host tries to leave in order unless told otherwise (wasmcloud-control §5.12). */
const shutdownLimitMilliseconds = 10_000;

const touchingNouns = ["component", "provider", "label"];

/** A simulated wasmCloud host that behaves as one of the given version would (wasmcloud-control §5). */
export class SimulatedHost {
  readonly faults = createHostFaults();
  /** Components and providers that somebody commanded over the wire: random activity leaves them alone. */
  readonly touched = new Set<string>();
  readonly context: HostContext;
  readonly connection: NatsConnection;
  readonly #timers = new TimerGroup();
  readonly #subscriptions: Subscription[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #unfollow: () => void;
  #status: HostStatus = "new";
  #beating = false;

  constructor(surroundings: HostSurroundings, options: HostOptions = {}) {
    const { connection, lattice, images, random } = surroundings;
    this.connection = connection;
    const state = createHostState(options, random);
    const locks = createHostLocks();
    const cache = new LatticeCache(
      this.#timers,
      () => random.integer(1, 20),
      (work) => void locks.components.writing(work),
    );
    const publisher = new EventPublisher(connection, lattice.name, state.id, this.faults);
    this.context = {
      state,
      settings: completeSettings(options, surroundings.url),
      features: hostFeatures(state.version),
      lattice,
      cache,
      images,
      faults: this.faults,
      timers: this.#timers,
      locks,
      publish: (type, data) => {
        if (this.#status === "running") publisher.publish(type, data);
      },
      shutDown: (deadline) => this.#shutDown(deadline),
    };
    this.#unfollow = lattice.follow(cache);
  }

  get id(): string {
    return this.context.state.id;
  }

  get friendlyName(): string {
    return this.context.state.friendlyName;
  }

  get version(): string {
    return this.context.state.version;
  }

  get status(): HostStatus {
    return this.#status;
  }

  /** Subscribes, announces the host and begins its heartbeats, in the order of its version (wasmcloud-control §5.2). */
  async start(): Promise<void> {
    const { features, state } = this.context;
    this.#status = "running";
    if (!features.startedBeforeSubscribed) this.#subscribe();
    this.context.publish("host_started", {
      friendly_name: state.friendlyName,
      labels: labelsOf(this.context),
      uptime_seconds: 0,
      version: state.version,
      ...(features.startedBeforeSubscribed ? { id: state.id } : {}),
    });
    if (features.startedBeforeSubscribed) this.#subscribe();
    this.#beginPeriodicWork();
    await this.connection.flush();
  }

  /** Ends in order: no more work, then `host_stopped` (wasmcloud-control §5.2). */
  async stop(): Promise<void> {
    await this.#shutDown(undefined);
  }

  /** Dies without a word: no event, the subscriptions vanish. */
  kill(): void {
    this.#end("killed");
  }

  /** Freezes the host: it is still subscribed, but neither answers nor beats. */
  pause(): void {
    if (this.#status === "running") this.#status = "frozen";
  }

  /** Lets a frozen host go on: now it does what it was told meanwhile. */
  resume(): void {
    if (this.#status !== "frozen") return;
    this.#status = "running";
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  /** What the host would answer to an inventory request. */
  inventory(): object {
    return describeInventory(this.context);
  }

  /** Which code would answer a call to a component; one of the list at random per call. */
  answering(id: string): string[] {
    return this.#gone() ? [] : servingCode(this.context.state, id);
  }

  /**
   * Carries out a command such as `component.scale` as if it had come over the wire, without a reply on it. An empty
   * ID stands for a subject that ends with the verb, such as that of `link.put`.
   */
  async execute(verb: string, body: object, id: string = this.id): Promise<Reply | undefined> {
    if (this.#status !== "running") return undefined;
    const tokens = id === "" ? verb.split(".") : [...verb.split("."), id];
    const outcome = await dispatch(this.context, tokens, Buffer.from(JSON.stringify(body)));
    await this.#finish(outcome);
    return outcome.reply;
  }

  /** Publishes any text on any subject over this host's connection. */
  publishRaw(subject: string, text: string): void {
    this.connection.publish(subject, Buffer.from(text));
  }

  /** Changes how a provider answers health requests and checks it at once. */
  setProviderHealth(id: string, behaviour: ProviderBehaviour): void {
    const provider = this.context.state.providers.get(id);
    if (!provider) throw new Error(`no provider ${id} on ${this.friendlyName}`);
    provider.behaviour = behaviour;
    checkHealth(this.context, id);
  }

  /** Lets the process of a provider die (wasmcloud-control §5.5). */
  crashProvider(id: string): void {
    crashProvider(this.context, id);
  }

  #subscribe(): void {
    for (const { subject, queue } of hostSubscriptions(this.context)) {
      const callback = (error: Error | null, message: Msg): void => {
        if (!error) void this.#receive(message);
      };
      this.#subscriptions.push(this.connection.subscribe(subject, { queue, callback }));
    }
  }

  #beginPeriodicWork(): void {
    const { settings, state } = this.context;
    const seasoned = Date.now() - state.startedAt > this.#heartbeatPeriod;
    // Hosts that pretend to be old are not in step with each other.
    const phase = (period: number): number => (seasoned ? Math.ceil(Math.random() * period) : period);
    this.#timers.every(this.#heartbeatPeriod, () => void this.#beat(), phase(this.#heartbeatPeriod));
    for (const id of state.providers.keys())
      watchHealth(
        this.context,
        id,
        seasoned ? phase(settings.healthPeriodMilliseconds) : settings.healthFirstMilliseconds,
      );
  }

  get #heartbeatPeriod(): number {
    const { features, settings } = this.context;
    return features.heartbeatConfigurable ? settings.heartbeatMilliseconds : fixedHeartbeatMilliseconds;
  }

  /** One at a time: a host that is stuck does not make up for what it missed. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    this.context.publish("host_heartbeat", await readInventory(this.context));
    this.#beating = false;
  }

  async #thaw(): Promise<void> {
    if (this.#status === "frozen") await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #receive(message: Msg): Promise<void> {
    await this.#thaw();
    if (this.#gone()) return;
    const prefixLength = this.context.settings.topicPrefix.split(".").length + 2;
    const tokens = message.subject.split(".").slice(prefixLength);
    const verb = tokens.slice(0, 2).join(".");
    const silent = this.faults.take("silent", verb);
    if (silent && !silent.execute) return;
    if (touchingNouns.includes(tokens[0] ?? "")) this.#markTouched(message);
    const outcome = await dispatch(this.context, tokens, message.data);
    if (this.#gone()) return;
    if (outcome.reply && !silent) sendReply(message, verb, outcome.reply, this.faults, this.#timers);
    await this.#finish(outcome);
  }

  /** Work after the reply runs in a later turn, and not while the host is frozen. */
  async #finish(outcome: Outcome): Promise<void> {
    if (!outcome.after) return;
    await nextTurn();
    await this.#thaw();
    if (!this.#gone()) await outcome.after();
  }

  #markTouched(message: Msg): void {
    for (const match of message.string().matchAll(/"(?:component_id|provider_id|key)"\s*:\s*"([^"]*)"/g))
      this.touched.add(match[1] ?? "");
  }

  #gone(): boolean {
    return this.#status === "stopped" || this.#status === "killed";
  }

  /** The heartbeats end first; those of a stuck host wait, and it leaves without a word in the end. */
  async #comesToRest(deadlineMilliseconds: number): Promise<boolean> {
    const { components } = this.context.locks;
    if (deadlineMilliseconds === 0) return false;
    if (!components.congested) return true;
    const late = this.#timers.delay(deadlineMilliseconds).then(() => false);
    return Promise.race([components.reading(() => true), late]);
  }

  async #shutDown(deadlineMilliseconds: number | undefined): Promise<void> {
    if (this.#gone()) return;
    const published = { labels: labelsOf(this.context) };
    this.#unsubscribe();
    const announce = await this.#comesToRest(deadlineMilliseconds ?? shutdownLimitMilliseconds);
    if (announce) this.context.publish("host_stopped", published);
    this.#end("stopped");
    await this.unsubscribed();
  }

  /** Resolves when no request reaches a host that has ended any more. */
  async unsubscribed(): Promise<void> {
    await this.connection.flush().catch(() => undefined);
  }

  #unsubscribe(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
  }

  #end(status: "stopped" | "killed"): void {
    if (this.#gone()) return;
    this.#status = status;
    this.#unsubscribe();
    this.#unfollow();
    this.#timers.close();
    for (const provider of this.context.state.providers.values()) provider.timers.close();
    for (const proceed of this.#waiting.splice(0)) proceed();
  }
}
