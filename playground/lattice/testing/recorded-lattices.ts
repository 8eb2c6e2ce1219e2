import type { LatticeMessage } from "../../../recordings/recordings.ts";
import type { HostOptions } from "../host/host-settings.ts";
import { SimulatedLattice } from "../lattice.ts";
import type { SimulatedHost } from "../lattice-host.ts";
import type { RecordedStep } from "./recorded-steps.ts";
import { hostsShownBy } from "./recorded-steps.ts";
import { recordedHost, recordedImages, vanishing } from "./recorded-world.ts";
import { WireProbe } from "./wire-probe.ts";

/** One lattice of a recording, simulated. */
export interface Place {
  lattice: SimulatedLattice;
  probe: WireProbe;
}

const never = 3_600_000;

/** The lattices, hosts and images of a recording, simulated as they come up in it. */
export class RecordedLattices {
  readonly hosts = new Map<string, SimulatedHost>();
  readonly #targets = new Map<string, Place>();
  readonly #vanished = new Set<string>();
  readonly #images: Record<"component" | "provider", ReturnType<typeof recordedImages>>;

  constructor(
    private readonly messages: readonly LatticeMessage[],
    private readonly natsUrl: string,
    private readonly settingsOf: (name: string) => HostOptions,
  ) {
    this.#images = {
      component: recordedImages(messages, "component"),
      provider: recordedImages(messages, "provider"),
    };
  }

  async place(name: string): Promise<Place> {
    const known = this.#targets.get(name);
    if (known) return known;
    const lattice = new SimulatedLattice({ url: this.natsUrl, name });
    const place = { lattice, probe: await WireProbe.open({ natsUrl: this.natsUrl }, name) };
    this.#targets.set(name, place);
    return place;
  }

  /** The lattice of this name, where something was done in it. */
  known(name: string): SimulatedLattice | undefined {
    return this.#targets.get(name)?.lattice;
  }

  /** The host of this ID, started when the recording first shows it or shows it again. */
  async host(id: string, line: number, { lattice }: Place): Promise<void> {
    if (this.hosts.get(id)?.status === "running") return;
    const facts = recordedHost(this.messages.slice(line - 1), id) ?? recordedHost(this.messages, id);
    if (!facts) return;
    const host = await lattice.addHost({
      id,
      ...facts,
      fileLoading: true,
      secretsBackend: false,
      heartbeatMilliseconds: never,
      healthFirstMilliseconds: never,
      topicPrefix: this.#prefixOf(id),
      ...this.settingsOf(facts.labels.name ?? ""),
    });
    await host.connection.flush();
    this.hosts.set(id, host);
  }

  /** Starts every host that a request, its replies and its events show. */
  async hostsOf(step: RecordedStep, place: Place): Promise<void> {
    for (const id of hostsShownBy(step)) await this.host(id, step.line, place);
  }

  /** Lets images be fetched as this kind of workload; a file may be a component and no provider. */
  provideImages(kind: "component" | "provider"): void {
    const gone = { error: "No such file or directory (os error 2)" };
    for (const { lattice } of this.#targets.values()) {
      lattice.images.reset();
      for (const [reference, image] of this.#images[kind]) lattice.images.set(reference, image);
      for (const reference of vanishing)
        lattice.images.set(reference, this.#vanished.has(reference) ? gone : {});
    }
  }

  /** Removes an image that was only there for its first start. */
  vanish({ body }: RecordedStep): void {
    const reference = (body as { component_ref?: string } | undefined)?.component_ref;
    if (reference !== undefined && vanishing.includes(reference)) this.#vanished.add(reference);
  }

  /** A queue operation goes to the host that handled it, where hosts of several versions could. */
  handler(step: RecordedStep): SimulatedHost | undefined {
    const hosts = [...this.hosts.values()];
    const versions = new Set(hosts.map((host) => host.version));
    if (versions.size < 2 || !/\.(link|config)\./.test(step.subject)) return undefined;
    const source = step.events[0]?.body.source;
    if (source !== undefined) return this.hosts.get(source);
    const { success, message } = (step.replies[0] ?? {}) as { success?: boolean; message?: string };
    const worded = success ? message !== "" : !message?.startsWith("failed to resolve");
    return hosts.find((host) => host.context.features.successTexts === worded);
  }

  async close(): Promise<void> {
    for (const { probe, lattice } of this.#targets.values()) {
      await probe.close();
      await lattice.stop();
    }
  }

  #prefixOf(id: string): string {
    const answered = this.messages.find(
      (message) => message.kind === "reply" && message.to.endsWith(`.${id}`),
    );
    return answered?.kind === "reply" ? (answered.to.split(".v1.")[0] ?? "") : "wasmbus.ctl";
  }
}
