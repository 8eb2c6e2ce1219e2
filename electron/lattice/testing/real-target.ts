import type { Link } from "../../../playground/lattice/host/lattice-state.ts";
import {
  type Command,
  type Component,
  type Inventory,
  missingComponents,
  missingProviders,
  premiseOf,
  startOf,
  whollyLeftOut,
} from "../../../playground/lattice/testing/recorded-gaps.ts";
import {
  hostsShownBy,
  type RecordedStep,
  verbOf,
} from "../../../playground/lattice/testing/recorded-steps.ts";
import { recordedHost, vanishing } from "../../../playground/lattice/testing/recorded-world.ts";
import { type ReplayTarget, within } from "../../../playground/lattice/testing/replay-target.ts";
import type { SeenEvent, WireProbe } from "../../../playground/lattice/testing/wire-probe.ts";
import type { LatticeMessage } from "../../../recordings/recordings.ts";
import { canonicalJson } from "../../../shared/contract/index.ts";
import { RealHosts } from "./real-hosts.ts";

type Fields = Record<string, unknown>;

/** How long a real host may take to fetch, compile and start something. */
const workMs = 10_000;
/** How long an update is waited for, which says nothing where it fails. */
const updateMs = 1_500;

/** Real hosts on a real server. What they are asked and what they say goes by the names that the recording has. */
export class RealTarget implements ReplayTarget {
  /** Whether the component that a request is about runs already. */
  #runs = false;

  private constructor(
    private readonly messages: readonly LatticeMessage[],
    private readonly hosts: RealHosts,
  ) {}

  static async start(program: string, messages: readonly LatticeMessage[]): Promise<RealTarget> {
    return new RealTarget(messages, await RealHosts.start(program));
  }

  /** All that the hosts have said, as it came. */
  get said(): readonly LatticeMessage[] {
    return this.hosts.said;
  }

  wire(lattice: string): Promise<WireProbe> {
    return this.hosts.wire(lattice);
  }

  async restart(hostId: string, line: number, lattice: string): Promise<void> {
    await this.hosts.kill(hostId);
    await this.#host(hostId, line, lattice);
  }

  async prepare(step: RecordedStep): Promise<void> {
    const { lattice, verb, id } = verbOf(step.subject);
    for (const hostId of hostsShownBy(step)) await this.#host(hostId, step.line, lattice);
    if (!/^component\.(scale|update)$/.test(verb) || !this.hosts.isRunning(id)) return;
    const componentId = String((step.body as Fields).component_id);
    const known = (await this.#read(id)).components.find((each) => each.id === componentId);
    this.#runs = known !== undefined;
    const before = premiseOf(step, known && { reference: known.image_ref, count: known.max_instances });
    if (!before) return;
    const { reference: image_ref, count: max_instances, annotations } = before;
    const component = { id: componentId, max_instances, annotations, ...known, image_ref };
    await this.#startAnew(id, component, known);
  }

  async handOver(): Promise<undefined> {
    // Who takes a request of a queue is the server's choice, as it was when the recording was made.
  }

  sent(text: string): string {
    return this.hosts.asHere(text);
  }

  received<Said>(said: Said): Said {
    return this.hosts.asRecorded(said);
  }

  replied({ subject, body }: RecordedStep, reply: unknown): void {
    this.hosts.note(subject, body, reply);
  }

  /** What must have been sent is answered, although the recording does not have the answer. */
  repliesDue({ subject, replies, inferred }: RecordedStep): number {
    const { lattice, verb } = verbOf(subject);
    if (verb === "host.ping" && replies.length > 0) return this.hosts.running(lattice);
    // Whether a host leaves is told by its answer, which the recording may lack.
    return inferred || verb === "host.stop" ? Math.max(1, replies.length) : replies.length;
  }

  async done(
    step: RecordedStep,
    replies: readonly unknown[],
    events: () => readonly SeenEvent[],
  ): Promise<void> {
    const { verb, id } = verbOf(step.subject);
    const [reply] = replies as { success?: boolean; message?: string }[];
    if (!reply?.success) return;
    if (verb === "host.stop") await this.hosts.gone(id);
    await this.#carriedOut({ verb, body: step.body as Fields }, String(reply.message), events);
    const reference = String((step.body as Fields | undefined)?.component_ref);
    if (vanishing.includes(reference)) this.hosts.removeImage(reference);
  }

  settle(lattice: string): Promise<void> {
    return this.hosts.settle(lattice);
  }

  async inventory(hostId: string, recorded: Inventory): Promise<object | undefined> {
    if (!this.hosts.isRunning(hostId)) return undefined;
    const { components, providers } = await this.#read(hostId);
    const running = components.map(({ id, image_ref: reference }) => ({ id, reference }));
    const commands = [
      ...missingComponents(running, recorded),
      ...missingProviders(
        providers.map(({ id }) => id),
        recorded,
      ),
    ];
    for (const command of commands) await this.#carryOut(hostId, command);
    return this.#read(hostId);
  }

  async adopt(hostId: string, recorded: Inventory): Promise<void> {
    const listed = await this.#read(hostId);
    for (const component of recorded.components) {
      const known = listed.components.find(({ id }) => id === component.id);
      if (canonicalJson(factsOf(component)) !== canonicalJson(known && factsOf(known)))
        await this.#startAnew(hostId, component, known);
    }
    await this.hosts.label(hostId, listed.labels, recorded.labels);
  }

  async links(lattice: string, recorded: readonly Link[]): Promise<readonly Link[]> {
    const stored = async (): Promise<Link[]> => (await this.hosts.ask(lattice, "link.get", "")) as Link[];
    const commands = whollyLeftOut(await stored(), recorded);
    for (const { verb, body } of commands) await this.hosts.ask(lattice, verb, body);
    // Each host answers from what it has heard of the others' changes.
    let now = await stored();
    for (let tries = 0; whollyLeftOut(now, recorded).length > 0 && tries < 20; tries += 1) {
      await within(100, () => false);
      now = await stored();
    }
    return now;
  }

  async adoptLinks(): Promise<void> {
    // Nothing is left to take over: a real lattice has been brought to those links.
  }

  close(): Promise<void> {
    return this.hosts.close();
  }

  async #host(hostId: string, line: number, lattice: string): Promise<void> {
    if (this.hosts.isRunning(hostId)) return;
    const facts = recordedHost(this.messages.slice(line - 1), hostId) ?? recordedHost(this.messages, hostId);
    if (facts) await this.hosts.add(hostId, lattice, facts.labels);
  }

  async #read(hostId: string): Promise<Inventory> {
    const lattice = this.hosts.latticeOf(hostId);
    return this.received((await this.hosts.ask(lattice, `host.get.${hostId}`, "")) as Inventory);
  }

  async #startAnew(hostId: string, component: Component, known: Component | undefined): Promise<void> {
    const verb = "component.scale";
    if (known) await this.#carryOut(hostId, { verb, body: { ...startOf(known), count: 0 } });
    this.#runs = false;
    await this.#carryOut(hostId, { verb, body: startOf(component) });
    this.#runs = true;
  }

  async #carryOut(hostId: string, command: Command): Promise<void> {
    const lattice = this.hosts.latticeOf(hostId);
    const wire = await this.hosts.wire(lattice);
    const from = wire.allEvents.length;
    const events = () => this.received(wire.allEvents.slice(from));
    const body = { ...command.body, host_id: hostId };
    // A builtin that is switched off is never answered; the comparison tells what came of it.
    await this.hosts.ask(lattice, `${command.verb}.${hostId}`, body).catch(() => undefined);
    await this.#carriedOut(command, "", events);
    await this.hosts.settle(lattice);
  }

  /** A start is told twice, and so is an update, which says nothing where it fails; all else is told once. */
  async #carriedOut(
    { verb, body }: Command,
    message: string,
    events: () => readonly SeenEvent[],
  ): Promise<void> {
    const of = (pattern: RegExp, field: string) =>
      events().filter(({ type, data }) => pattern.test(type) && data[field] === body[field]);
    const scaled = (times: number) => () =>
      of(/^component_scaled$/, "component_id").length >= times ||
      of(/^component_scale_failed$/, "component_id").length > 0;
    if (verb === "component.scale") await within(workMs, scaled(this.#runs || !body.count ? 1 : 2));
    if (verb === "component.update" && message.includes("updating from")) await within(updateMs, scaled(2));
    if (verb === "provider.start")
      await within(workMs, () => of(/^provider_start/, "provider_id").length > 0);
  }
}

function factsOf({ image_ref, max_instances, annotations = {}, limits = null }: Component): object {
  return { image_ref, max_instances, annotations, limits };
}
