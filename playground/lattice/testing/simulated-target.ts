import type { LatticeMessage } from "../../../recordings/recordings.ts";
import type { NatsServer } from "../../kit/nats-server.ts";
import { startNatsServer } from "../../kit/nats-server.ts";
import type { HostOptions } from "../host/host-settings.ts";
import type { Link } from "../host/lattice-state.ts";
import type { SimulatedLattice } from "../lattice.ts";
import type { SimulatedHost } from "../lattice-host.ts";
import type { Inventory } from "./recorded-gaps.ts";
import {
  adopt,
  adoptLinks,
  denials,
  missingComponents,
  missingProviders,
  premise,
  whollyLeftOut,
} from "./recorded-gaps.ts";
import type { Place } from "./recorded-lattices.ts";
import { RecordedLattices } from "./recorded-lattices.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import { verbOf } from "./recorded-steps.ts";
import { type ReplayTarget, within } from "./replay-target.ts";
import type { WireProbe } from "./wire-probe.ts";

/** Simulated hosts of the versions that were recorded, on a real server. */
export class SimulatedTarget implements ReplayTarget {
  private constructor(
    private readonly server: NatsServer,
    private readonly lattices: RecordedLattices,
  ) {}

  /** `settingsOf` says how the host of a name was configured. */
  static async start(
    messages: readonly LatticeMessage[],
    settingsOf: (name: string) => HostOptions,
  ): Promise<SimulatedTarget> {
    const server = await startNatsServer();
    return new SimulatedTarget(server, new RecordedLattices(messages, server.url, settingsOf));
  }

  async wire(lattice: string): Promise<WireProbe> {
    return (await this.lattices.place(lattice)).probe;
  }

  async restart(hostId: string, line: number, lattice: string): Promise<void> {
    this.lattices.hosts.get(hostId)?.kill();
    await this.lattices.host(hostId, line, await this.lattices.place(lattice));
  }

  async prepare(step: RecordedStep): Promise<void> {
    const { verb, id } = verbOf(step.subject);
    await this.lattices.hostsOf(step, await this.#placeOf(step));
    this.lattices.provideImages(verb.startsWith("provider") ? "provider" : "component");
    const host = this.lattices.hosts.get(id);
    if (host) premise(host, step);
    if (host) denials(host, step);
  }

  async handOver(step: RecordedStep): Promise<unknown[] | undefined> {
    const { verb, id } = verbOf(step.subject);
    const handler = this.lattices.handler(step);
    if (!handler) return undefined;
    const reply = await handler.execute(verb, step.body as object, id);
    return reply ? [reply] : [];
  }

  sent(text: string): string {
    return text;
  }

  received<Said>(said: Said): Said {
    return said;
  }

  replied(): void {
    // The simulator's replies are read by the tests of the client.
  }

  /** Hosts answer every ping and every stop, but the recording does not have every answer. */
  repliesDue({ subject, replies }: RecordedStep): number {
    const { verb, id, lattice: name } = verbOf(subject);
    const lattice = this.lattices.known(name);
    // Whether the host leaves is told by its answer.
    if (verb === "host.stop") return lattice?.running().some((host) => host.id === id) ? 1 : 0;
    if (verb !== "host.ping" || replies.length === 0) return replies.length;
    const asked = ({ context }: SimulatedHost): boolean =>
      subject.startsWith(`${context.settings.topicPrefix}.v1.`);
    return lattice?.running().filter(asked).length ?? 0;
  }

  /** A host that stops must be gone before a fence can be handed to it. */
  async done(step: RecordedStep, replies: readonly unknown[]): Promise<void> {
    const { verb, id } = verbOf(step.subject);
    this.lattices.vanish(step);
    const host = this.lattices.hosts.get(id);
    if (verb !== "host.stop" || !host || !(replies[0] as { success?: boolean } | undefined)?.success) return;
    await within(10_000, () => host.status !== "running");
    await host.connection.flush();
  }

  async settle(name: string): Promise<void> {
    const { lattice, probe } = await this.lattices.place(name);
    const prefixes = lattice.running().map((host) => host.context.settings.topicPrefix);
    await (prefixes.includes("wasmbus.ctl") ? probe.fence() : probe.connection.flush());
  }

  async inventory(hostId: string, recorded: Inventory): Promise<object | undefined> {
    const host = this.lattices.hosts.get(hostId);
    if (!host) return undefined;
    const { components, providers } = host.context.state;
    this.lattices.provideImages("component");
    const running = [...components].map(([id, { reference }]) => ({ id, reference }));
    for (const { verb, body } of missingComponents(running, recorded)) await host.execute(verb, body);
    this.lattices.provideImages("provider");
    for (const { verb, body } of missingProviders([...providers.keys()], recorded))
      await host.execute(verb, body);
    return host.inventory();
  }

  async adopt(hostId: string, recorded: Inventory): Promise<void> {
    const host = this.lattices.hosts.get(hostId);
    if (host) adopt(host, recorded);
  }

  async links(name: string, recorded: readonly Link[]): Promise<readonly Link[]> {
    const { lattice } = await this.lattices.place(name);
    for (const { verb, body } of whollyLeftOut(storedLinks(lattice), recorded))
      await lattice.running()[0]?.execute(verb, body, "");
    return storedLinks(lattice);
  }

  async adoptLinks(name: string, recorded: readonly Link[]): Promise<void> {
    adoptLinks((await this.lattices.place(name)).lattice.state, recorded);
  }

  async close(): Promise<void> {
    await this.lattices.close();
    await this.server.stop();
  }

  #placeOf(step: RecordedStep): Promise<Place> {
    return this.lattices.place(verbOf(step.subject).lattice);
  }
}

function storedLinks({ state }: SimulatedLattice): Link[] {
  return [...state.specs.values()].flatMap((spec) => [...spec.links]);
}
