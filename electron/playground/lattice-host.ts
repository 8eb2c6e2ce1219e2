import type { Msg, NatsConnection, Subscription } from "nats";
import { dispatch } from "./dispatch.ts";
import { EventPublisher } from "./event-publisher.ts";
import { FaultBox } from "./faults.ts";
import type { HostContext, Outcome, ProviderBehaviour, Reply } from "./host-context.ts";
import type { HostOptions } from "./host-settings.ts";
import { completeSettings, createHostState } from "./host-settings.ts";
import { hostSubscriptions } from "./host-subscriptions.ts";
import type { ImageRegistry } from "./images.ts";
import { describeInventory, labelsOf } from "./inventory.ts";
import type { LatticeState } from "./lattice-state.ts";
import { LatticeCache } from "./lattice-state.ts";
import { checkHealth, crashProvider, watchHealth } from "./provider-health.ts";
import type { Random } from "./random.ts";
import { sendReply } from "./reply-sender.ts";
import { TimerGroup } from "./timers.ts";
import { hostFeatures } from "./versions.ts";

/** What a simulated host needs from its surroundings. */
export interface HostSurroundings {
  connection: NatsConnection;
  url: string;
  lattice: LatticeState;
  images: ImageRegistry;
  random: Random;
}

export type HostStatus = "new" | "running" | "frozen" | "stopped" | "killed";

const touchingNouns = ["component", "provider", "label"];

/** A simulated wasmCloud host that behaves as one of the given version would (wasmcloud-control §5). */
export class SimulatedHost {
  readonly faults = new FaultBox();
  /** Components and providers that somebody commanded over the wire: the script of life leaves them alone. */
  readonly touched = new Set<string>();
  readonly context: HostContext;
  readonly connection: NatsConnection;
  readonly #timers = new TimerGroup();
  readonly #subscriptions: Subscription[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #unfollow: () => void;
  #status: HostStatus = "new";

  constructor(surroundings: HostSurroundings, options: HostOptions = {}) {
    const { connection, lattice, images, random } = surroundings;
    this.connection = connection;
    const state = createHostState(options, random);
    const cache = new LatticeCache(this.#timers, () => random.integer(1, 20));
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
      publish: (type, data) => {
        if (this.#status === "running") publisher.publish(type, data);
      },
      shutDown: (deadline) => this.#shutDown(deadline !== 0),
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
    await this.#shutDown(true);
  }

  /** Dies without a word: no event, the subscriptions vanish. */
  kill(): void {
    this.#end("killed");
  }

  /** Freezes the host: it is still subscribed, but neither answers nor beats. */
  pause(): void {
    if (this.#status === "running") this.#status = "frozen";
  }

  /** Lets a frozen host go on; messages it missed stay unanswered. */
  resume(): void {
    if (this.#status !== "frozen") return;
    this.#status = "running";
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  /** What the host would answer to an inventory request. */
  inventory(): object {
    return describeInventory(this.context);
  }

  /** Carries out a command such as `component.scale` as if it had come over the wire, without a reply on it. */
  async execute(verb: string, body: object, id: string = this.id): Promise<Reply | undefined> {
    if (this.#status !== "running") return undefined;
    const outcome = await dispatch(this.context, [...verb.split("."), id], Buffer.from(JSON.stringify(body)));
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
    const seasoned = Date.now() - state.startedAt > settings.heartbeatMilliseconds;
    // Hosts that pretend to be old are not in step with each other.
    const phase = (period: number): number => (seasoned ? Math.ceil(Math.random() * period) : period);
    const beat = (): void => this.context.publish("host_heartbeat", this.inventory());
    this.#timers.every(settings.heartbeatMilliseconds, beat, phase(settings.heartbeatMilliseconds));
    for (const id of state.providers.keys())
      watchHealth(
        this.context,
        id,
        seasoned ? phase(settings.healthPeriodMilliseconds) : settings.healthFirstMilliseconds,
      );
  }

  async #receive(message: Msg): Promise<void> {
    if (this.#status !== "running") return;
    const prefixLength = this.context.settings.topicPrefix.split(".").length + 2;
    const tokens = message.subject.split(".").slice(prefixLength);
    const verb = tokens.slice(0, 2).join(".");
    const silent = this.faults.take("silent", verb);
    if (silent && !silent.execute) return;
    if (touchingNouns.includes(tokens[0] ?? "")) this.#noteTouch(message);
    const outcome = await dispatch(this.context, tokens, message.data);
    if (this.#gone()) return;
    if (outcome.reply && !silent) sendReply(message, verb, outcome.reply, this.faults, this.#timers);
    await this.#finish(outcome);
  }

  /** Work after the reply runs in a later turn, and not while the host is frozen. */
  async #finish(outcome: Outcome): Promise<void> {
    if (!outcome.after) return;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#status === "frozen") await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.#gone()) await outcome.after();
  }

  #noteTouch(message: Msg): void {
    for (const match of message.string().matchAll(/"(?:component_id|provider_id|key)"\s*:\s*"([^"]*)"/g))
      this.touched.add(match[1] ?? "");
  }

  #gone(): boolean {
    return this.#status === "stopped" || this.#status === "killed";
  }

  async #shutDown(announce: boolean): Promise<void> {
    if (this.#gone()) return;
    const published = { labels: labelsOf(this.context) };
    this.#unsubscribe();
    if (announce) this.context.publish("host_stopped", published);
    this.#end("stopped");
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
