import { createInbox } from "nats";
import type { LatticeMessage } from "../../../recordings/recordings.ts";
import type { HostOptions } from "../host-settings.ts";
import type { SimulatedHost } from "../lattice-host.ts";
import type { Link } from "../lattice-state.ts";
import type { NatsServer } from "../nats-server.ts";
import { startNatsServer } from "../nats-server.ts";
import type { WireProbe } from "../wire-probe.ts";
import { inferredStep } from "./inferred-request.ts";
import type { Difference, Outcome } from "./recorded-comparison.ts";
import { Comparison } from "./recorded-comparison.ts";
import type { Inventory } from "./recorded-gaps.ts";
import {
  adopt,
  adoptLinks,
  catchUpComponents,
  catchUpProviders,
  denials,
  premise,
  whollyLeftOut,
} from "./recorded-gaps.ts";
import type { Place } from "./recorded-lattices.ts";
import { RecordedLattices } from "./recorded-lattices.ts";
import type { LeftOut, RecordedEvent, RecordedItem, RecordedStep } from "./recorded-steps.ts";
import { recordedItems, typeOf, verbOf } from "./recorded-steps.ts";

/** What a replay needs beside the recording. */
export interface Course {
  leftOut: readonly LeftOut[];
  skips(line: number): boolean;
  /** How the host of this name was configured. */
  settingsOf(name: string): HostOptions;
}

type Fields = Record<string, unknown>;

const untold = /^(host_heartbeat|health_check_)/;

/** Waits for what should come; what does not is for the comparison to say. */
async function within(milliseconds: number, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < milliseconds; waited += 5)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Resolves when the hosts have done what they were told. */
async function settle({ probe, lattice }: Place): Promise<void> {
  const prefixes = lattice.running().map((host) => host.context.settings.topicPrefix);
  await (prefixes.includes("wasmbus.ctl") ? probe.fence() : probe.connection.flush());
}

function eventsSince(probe: WireProbe, from: number): Outcome["events"] {
  const fence = (data: Fields): boolean => String(data.config_name).startsWith("fence-");
  return probe.allEvents.slice(from).filter(({ type, data }) => !untold.test(type) && !fence(data));
}

/** Hosts have connections of their own: what another one answered proves nothing about the events of this one. */
function allCame(step: RecordedStep, events: Outcome["events"]): boolean {
  const times = (types: readonly string[], type: string): number =>
    types.filter((each) => each === type).length;
  const recorded = step.events.map(typeOf);
  const heard = events.map(({ type }) => type);
  return recorded.every((type) => times(heard, type) >= times(recorded, type));
}

/** Hosts answer every ping and every stop, but the recording does not have every answer. */
function repliesDue(step: RecordedStep, { lattice }: Place): number {
  const { verb, id } = verbOf(step.subject);
  // Whether the host leaves is told by its answer.
  if (verb === "host.stop") return lattice.running().some((host) => host.id === id) ? 1 : 0;
  if (verb !== "host.ping" || step.replies.length === 0) return step.replies.length;
  const asked = ({ context }: SimulatedHost): boolean =>
    step.subject.startsWith(`${context.settings.topicPrefix}.v1.`);
  return lattice.running().filter(asked).length;
}

/** Replays a recording to simulated hosts of the same versions on a real server; tells where they differ. */
export async function replay(messages: readonly LatticeMessage[], course: Course): Promise<Difference[]> {
  const server = await startNatsServer();
  const running = new Replay(messages, server, course);
  try {
    return await running.run();
  } finally {
    await running.lattices.close();
    await server.stop();
  }
}

class Replay {
  readonly lattices: RecordedLattices;
  readonly #comparison = new Comparison();
  readonly #items: RecordedItem[];

  constructor(
    messages: readonly LatticeMessage[],
    server: NatsServer,
    private readonly course: Course,
  ) {
    this.#items = recordedItems(messages, course.leftOut);
    this.lattices = new RecordedLattices(messages, server.url, (name) => course.settingsOf(name));
  }

  async run(): Promise<Difference[]> {
    for (const item of this.#items) if (!this.course.skips(item.line)) await this.#take(item);
    return this.#comparison.differences;
  }

  async #take(item: RecordedItem): Promise<void> {
    if (item.kind === "step") return this.#step(item.step);
    const { event, line } = item;
    const type = typeOf(event);
    if (type === "host_started") return this.#hostStarts(event, line);
    if (type === "host_heartbeat") return this.#inventory(line, event.body.source, event.body.data);
    const step = untold.test(type) ? undefined : inferredStep(event, line);
    if (step) await this.#step(step);
  }

  async #hostStarts(event: RecordedEvent, line: number): Promise<void> {
    const { source, data } = event.body;
    this.lattices.hosts.get(source)?.kill();
    const place = await this.lattices.place(event.subject.split(".")[2] ?? "");
    const from = place.probe.allEvents.length;
    const started = () => place.probe.allEvents.slice(from).find(({ type }) => type === "host_started");
    await this.lattices.host(source, line, place);
    await place.probe.until(() => started() !== undefined);
    this.#comparison.same(line, "host_started", data, started()?.data);
  }

  async #step(step: RecordedStep): Promise<void> {
    const { lattice, verb, id } = verbOf(step.subject);
    const place = await this.lattices.place(lattice);
    await this.lattices.hostsOf(step, place);
    this.lattices.provideImages(verb.startsWith("provider") ? "provider" : "component");
    const host = this.lattices.hosts.get(id);
    if (host) premise(host, step);
    if (host) denials(host, step);
    this.#comparison.step(step, await this.#send(step, place));
    const { response } = (step.replies[0] ?? {}) as { response?: Fields };
    if (verb === "host.get" && response) await this.#inventory(step.line, id, response);
    if (verb === "link.get" && response) await this.#links(step.line, place, response as unknown as Link[]);
    this.lattices.vanish(step);
  }

  async #send(step: RecordedStep, place: Place): Promise<Outcome> {
    const { probe } = place;
    await settle(place);
    const from = probe.allEvents.length;
    const handler = this.lattices.handler(step);
    const { verb, id } = verbOf(step.subject);
    if (handler) {
      const reply = await handler.execute(verb, step.body as object, id);
      await settle(place);
      return { replies: reply ? [reply] : [], events: eventsSince(probe, from), early: undefined };
    }
    const { replies, early } = await this.#ask(step, place, from);
    await this.#departure(step, replies);
    await within(2000, () => allCame(step, eventsSince(probe, from)));
    await settle(place);
    return { replies, events: eventsSince(probe, from), early };
  }

  async #ask(step: RecordedStep, place: Place, from: number): Promise<Pick<Outcome, "replies" | "early">> {
    const { connection } = place.probe;
    const replies: unknown[] = [];
    let early = 0;
    const inbox = createInbox();
    const subscription = connection.subscribe(inbox, {
      callback: (_, message) => {
        if (replies.length === 0) early = eventsSince(place.probe, from).length;
        if (message.data.length > 0) replies.push(message.json());
      },
    });
    // Asked now: a host that stops may be down before its answer is read.
    const due = repliesDue(step, place);
    const payload = typeof step.body === "string" ? step.body : JSON.stringify(step.body);
    connection.publish(step.subject, payload, { reply: inbox });
    await connection.flush();
    await within(2000, () => replies.length >= due);
    if (verbOf(step.subject).verb !== "host.stop") await settle(place);
    subscription.unsubscribe();
    return { replies, early };
  }

  /** A host that stops must be gone before a fence can be handed to it. */
  async #departure({ subject }: RecordedStep, replies: readonly unknown[]): Promise<void> {
    const { verb, id } = verbOf(subject);
    const host = this.lattices.hosts.get(id);
    if (verb !== "host.stop" || !host || !(replies[0] as { success?: boolean } | undefined)?.success) return;
    await within(10_000, () => host.status !== "running");
    await host.connection.flush();
  }

  async #inventory(line: number, id: string, recorded: Fields): Promise<void> {
    const host = this.lattices.hosts.get(id);
    if (!host) return;
    const inventory = recorded as unknown as Inventory;
    this.lattices.provideImages("component");
    await catchUpComponents(host, inventory);
    this.lattices.provideImages("provider");
    await catchUpProviders(host, inventory);
    const shown = ({ components, providers, version }: Fields): object => ({
      components,
      providers,
      version,
    });
    this.#comparison.same(line, "inventory", shown(recorded), shown(host.inventory() as Fields));
    adopt(host, inventory);
  }

  async #links(line: number, { lattice }: Place, links: readonly Link[]): Promise<void> {
    const stored = (): Link[] => [...lattice.state.specs.values()].flatMap((spec) => [...spec.links]);
    for (const { verb, body } of whollyLeftOut(stored(), links))
      await lattice.running()[0]?.execute(verb, body, "");
    this.#comparison.same(line, "links", links, stored());
    adoptLinks(lattice.state, links);
  }
}
