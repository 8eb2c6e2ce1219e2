import { createInbox } from "nats";
import type { LatticeMessage } from "../../../recordings/recordings.ts";
import type { Link } from "../host/lattice-state.ts";
import { inferredStep } from "./inferred-request.ts";
import type { Difference, Outcome } from "./recorded-comparison.ts";
import { Comparison } from "./recorded-comparison.ts";
import type { Inventory } from "./recorded-gaps.ts";
import type { LeftOut, RecordedEvent, RecordedItem, RecordedStep } from "./recorded-steps.ts";
import { recordedItems, typeOf, verbOf } from "./recorded-steps.ts";
import { type ReplayTarget, within } from "./replay-target.ts";
import type { SeenEvent, WireProbe } from "./wire-probe.ts";

/** What a replay needs beside the recording. */
export interface Course {
  leftOut: readonly LeftOut[];
  skips(line: number): boolean;
}

type Fields = Record<string, unknown>;

const untold = /^(host_heartbeat|health_check_)/;
const startMs = 60_000;
const answerMs = 2_000;

/** Hosts have connections of their own: what another one answered proves nothing about the events of this one. */
function allCame(step: RecordedStep, events: Outcome["events"]): boolean {
  const times = (types: readonly string[], type: string): number =>
    types.filter((each) => each === type).length;
  const recorded = step.events.map(typeOf);
  const heard = events.map(({ type }) => type);
  return recorded.every((type) => times(heard, type) >= times(recorded, type));
}

/** Asks hosts what was asked when the recording was made; tells where they differ from it. */
export async function replay(
  messages: readonly LatticeMessage[],
  course: Course,
  target: ReplayTarget,
): Promise<Difference[]> {
  return new Replay(messages, course, target).run();
}

class Replay {
  readonly #comparison = new Comparison();
  readonly #items: RecordedItem[];

  constructor(
    messages: readonly LatticeMessage[],
    private readonly course: Course,
    private readonly target: ReplayTarget,
  ) {
    this.#items = recordedItems(messages, course.leftOut);
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
    const lattice = event.subject.split(".")[2] ?? "";
    const wire = await this.target.wire(lattice);
    const from = wire.allEvents.length;
    const started = () => this.#eventsSince(wire, from).find(({ type }) => type === "host_started");
    await this.target.restart(source, line, lattice);
    await within(startMs, () => started() !== undefined);
    this.#comparison.same(line, "host_started", data, started()?.data);
  }

  async #step(step: RecordedStep): Promise<void> {
    const { lattice, verb, id } = verbOf(step.subject);
    await this.target.prepare(step);
    this.#comparison.step(step, await this.#send(step, lattice));
    const { response } = (step.replies[0] ?? {}) as { response?: Fields };
    if (verb === "host.get" && response) await this.#inventory(step.line, id, response);
    if (verb === "link.get" && response) await this.#links(step.line, lattice, response as unknown as Link[]);
  }

  async #send(step: RecordedStep, lattice: string): Promise<Outcome> {
    const wire = await this.target.wire(lattice);
    await this.target.settle(lattice);
    const from = wire.allEvents.length;
    const events = () => this.#eventsSince(wire, from);
    const handed = await this.target.handOver(step);
    if (handed) {
      await this.target.settle(lattice);
      return { replies: handed, events: events(), early: undefined };
    }
    const { replies, early } = await this.#ask(step, wire, from);
    await this.target.done(step, replies, events);
    await within(answerMs, () => allCame(step, events()));
    await this.target.settle(lattice);
    return { replies, events: events(), early };
  }

  async #ask(step: RecordedStep, wire: WireProbe, from: number): Promise<Pick<Outcome, "replies" | "early">> {
    const { connection } = wire;
    const replies: unknown[] = [];
    let early = 0;
    const inbox = createInbox();
    const subscription = connection.subscribe(inbox, {
      callback: (_, message) => {
        if (replies.length === 0) early = this.#eventsSince(wire, from).length;
        if (message.data.length === 0) return;
        const reply = message.json();
        this.target.replied(step, reply);
        replies.push(this.target.received(reply));
      },
    });
    // Asked now: a host that stops may be down before its answer is read.
    const due = this.target.repliesDue(step);
    const payload = typeof step.body === "string" ? step.body : JSON.stringify(step.body);
    connection.publish(this.target.sent(step.subject), this.target.sent(payload), { reply: inbox });
    await connection.flush();
    await within(answerMs, () => replies.length >= due);
    if (verbOf(step.subject).verb !== "host.stop") await this.target.settle(verbOf(step.subject).lattice);
    subscription.unsubscribe();
    return { replies, early };
  }

  #eventsSince(wire: WireProbe, from: number): SeenEvent[] {
    const fence = (data: Fields): boolean => String(data.config_name).startsWith("fence-");
    const told = wire.allEvents.slice(from).filter(({ type, data }) => !untold.test(type) && !fence(data));
    return this.target.received(told);
  }

  async #inventory(line: number, hostId: string, recorded: Fields): Promise<void> {
    const inventory = recorded as unknown as Inventory;
    const listed = (await this.target.inventory(hostId, inventory)) as Fields | undefined;
    if (!listed) return;
    const shown = ({ components, providers, version }: Fields): object => ({
      components,
      providers,
      version,
    });
    this.#comparison.same(line, "inventory", shown(recorded), shown(this.target.received(listed)));
    await this.target.adopt(hostId, inventory);
  }

  async #links(line: number, lattice: string, links: readonly Link[]): Promise<void> {
    this.#comparison.same(line, "links", links, await this.target.links(lattice, links));
    await this.target.adoptLinks(lattice, links);
  }
}
