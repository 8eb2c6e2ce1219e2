import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { NatsServer } from "../../../playground/kit/nats-server.ts";
import { startNatsServer } from "../../../playground/kit/nats-server.ts";
import { within } from "../../../playground/lattice/testing/replay-target.ts";
import { WireProbe } from "../../../playground/lattice/testing/wire-probe.ts";
import type { LatticeMessage } from "../../../recordings/recordings.ts";
import { ended, RealPrograms } from "../../testing/real-programs.ts";
import { pulledImages, writeImages } from "./real-images.ts";

interface RealHost {
  /** The key that it has made for itself. */
  id: string;
  lattice: string;
  program: ChildProcess;
}

const startMs = 60_000;
const stopMs = 20_000;

/** Processes of a real wasmCloud host, each in the part of a host that was recorded. */
export class RealHosts {
  readonly said: LatticeMessage[] = [];
  readonly #hosts = new Map<string, RealHost>();
  readonly #wires = new Map<string, WireProbe>();
  readonly #programs = new RealPrograms();
  readonly #images: string;

  private constructor(
    private readonly program: string,
    private readonly server: NatsServer,
  ) {
    this.#images = join(this.#programs.folder, "images");
    writeImages(this.#images);
  }

  static async start(program: string): Promise<RealHosts> {
    return new RealHosts(program, await startNatsServer({ jetStream: true }));
  }

  async wire(lattice: string): Promise<WireProbe> {
    const known = this.#wires.get(lattice);
    if (known) return known;
    const wire = await WireProbe.open({ natsUrl: this.server.url }, lattice);
    this.#wires.set(lattice, wire);
    wire.connection.subscribe(`wasmbus.evt.${lattice}.>`, {
      callback: (_, { subject, data }) =>
        this.said.push({
          ...this.#now(),
          kind: "event",
          subject,
          body: JSON.parse(Buffer.from(data).toString()),
        }),
    });
    return wire;
  }

  /** Starts a host in the part of the recorded one; labels that it is not started with are put afterwards. */
  async add(recordedId: string, lattice: string, labels: Record<string, string>): Promise<void> {
    const wire = await this.wire(lattice);
    const from = wire.allEvents.length;
    const program = this.#programs.run(this.program, [], {
      NATS_URL: this.server.url,
      LATTICE: lattice,
      ...(labels.name === "bi" && { BUILTIN_HTTP_SERVER: "1" }),
    });
    const started = () => wire.allEvents.slice(from).find(({ type }) => type === "host_started");
    await within(startMs, () => started() !== undefined);
    const id = started()?.source;
    if (id === undefined) throw new Error("the real host does not start");
    this.#hosts.set(recordedId, { id, lattice, program });
    await this.label(recordedId, {}, labels);
  }

  /** Puts and deletes labels, so that a host has the recorded ones. */
  async label(
    recordedId: string,
    listed: Record<string, string>,
    recorded: Record<string, string>,
  ): Promise<void> {
    const { lattice } = this.#host(recordedId);
    for (const [key, value] of Object.entries(recorded))
      if (!key.startsWith("hostcore.") && listed[key] !== value)
        await this.ask(lattice, `label.put.${recordedId}`, { key, value });
    for (const key of Object.keys(listed))
      if (!(key in recorded)) await this.ask(lattice, `label.del.${recordedId}`, { key });
  }

  /** Asks for what a test needs to know or to have; gives what the reply holds. */
  async ask(lattice: string, suffix: string, body: object | ""): Promise<unknown> {
    const wire = await this.wire(lattice);
    const payload = body === "" ? "" : JSON.stringify(body);
    const reply = await wire.request(this.asHere(suffix), this.asHere(payload)).catch((error: unknown) => {
      throw new Error(`${suffix} ${payload} is not answered`, { cause: error });
    });
    this.note(wire.subject(suffix), body, reply);
    return (reply as { response?: unknown }).response;
  }

  note(subject: string, request: unknown, body: unknown): void {
    this.said.push({ ...this.#now(), kind: "reply", to: this.asHere(subject), request, body });
  }

  /** How many hosts run in a lattice. */
  running(lattice: string): number {
    return [...this.#hosts.values()].filter((host) => host.lattice === lattice && isAlive(host)).length;
  }

  isRunning(recordedId: string): boolean {
    const host = this.#hosts.get(recordedId);
    return host !== undefined && isAlive(host);
  }

  latticeOf(recordedId: string): string {
    return this.#host(recordedId).lattice;
  }

  async settle(lattice: string): Promise<void> {
    const wire = await this.wire(lattice);
    await (this.running(lattice) > 0 ? wire.fence() : wire.connection.flush());
  }

  async kill(recordedId: string): Promise<void> {
    const host = this.#hosts.get(recordedId);
    if (host) await ended(host.program);
  }

  /** Resolves when a host that was told to stop is gone. */
  async gone(recordedId: string): Promise<void> {
    await within(stopMs, () => !this.isRunning(recordedId));
    const { lattice } = this.#host(recordedId);
    await (await this.wire(lattice)).connection.flush();
  }

  /** A subject or payload with the keys and references that there are here. */
  asHere(text: string): string {
    return this.#names().reduce((all, [recorded, here]) => all.replaceAll(recorded, here), text);
  }

  /** What was said, with the keys and references of the recording. */
  asRecorded<Said>(said: Said): Said {
    // Providers are told without the scheme of their files.
    const told = JSON.stringify(said).replaceAll(
      `"${this.#images}/pulled/`,
      `"file://${this.#images}/pulled/`,
    );
    const text = this.#names().reduce((all, [recorded, here]) => all.replaceAll(here, recorded), told);
    return JSON.parse(text.replaceAll(`${this.#images}/`, "/data/")) as Said;
  }

  removeImage(reference: string): void {
    rmSync(new URL(this.asHere(reference)), { force: true });
  }

  async close(): Promise<void> {
    for (const wire of this.#wires.values()) await wire.close();
    await this.#programs.close();
    await this.server.stop();
  }

  #names(): [recorded: string, here: string][] {
    return [
      ...pulledImages.map((reference, index): [string, string] => [
        reference,
        `file://${this.#images}/pulled/${index}.image`,
      ]),
      ["file:///data/", `file://${this.#images}/`],
      ...[...this.#hosts].map(([recorded, { id }]): [string, string] => [recorded, id]),
    ];
  }

  #host(recordedId: string): RealHost {
    const host = this.#hosts.get(recordedId);
    if (!host) throw new Error(`no host stands for ${recordedId}`);
    return host;
  }

  #now(): { at: string; tag: string } {
    return { at: new Date().toISOString(), tag: "real" };
  }
}

function isAlive({ program }: RealHost): boolean {
  return program.exitCode === null && program.signalCode === null;
}
