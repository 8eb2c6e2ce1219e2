import { Faults } from "../kit/faults.ts";
import { TimerGroup } from "../kit/timers.ts";
import type { DaemonState } from "./daemon-state.ts";
import { Dialer } from "./dialer.ts";
import { postEvent } from "./event-poster.ts";
import type { DaemonFault } from "./faults.ts";
import { JobRunner } from "./job-runner.ts";
import { methodsOf } from "./methods.ts";
import { Registry } from "./registry.ts";
import { SimulatedRepository } from "./repository.ts";
import { RpcServer } from "./rpc-server.ts";
import { SyncLoop } from "./sync-loop.ts";
import type { SimulatedWorkload } from "./workload.ts";

export interface DaemonOptions {
  name: string;
  /** As given to `--connect` and `--token`. */
  connect: string;
  token: string;
  protocol?: number;
  version?: string;
  relayed?: boolean;
  setsAuthor?: boolean;
  allowsNamespaces?: boolean;
  workloads?: SimulatedWorkload[];
  registry?: Registry;
  /** How long a job and a sync take, and the pause before dialling again, in milliseconds. */
  jobMs?: number;
  syncMs?: number;
  redialMs?: number;
}

/** The release that first dialled each version of the path, or a later one that still does (flux-rpc §0). */
export const typicalVersions: Readonly<Record<number, string>> = {
  6: "1.0.0",
  7: "1.0.1",
  8: "1.1.0",
  9: "1.3.0",
  10: "1.8.0",
  11: "1.25.4",
};

/** A Flux daemon as the console meets it: dials, answers calls, runs jobs, syncs, and posts events (flux-rpc §6). */
export class SimulatedDaemon {
  readonly name: string;
  readonly faults = new Faults<DaemonFault>();
  readonly state: DaemonState;
  readonly jobs: JobRunner;
  /** Images that it was told of. */
  readonly notices: string[] = [];
  readonly #options: DaemonOptions;
  readonly #dialer: Dialer;
  readonly #syncs: SyncLoop;
  readonly #timers = new TimerGroup();
  #server: RpcServer | undefined;

  constructor(options: DaemonOptions) {
    const { protocol = 11, relayed = false, setsAuthor = false, allowsNamespaces = false } = options;
    const { jobMs = 600, syncMs = 1_500 } = options;
    const version = options.version ?? typicalVersions[protocol] ?? "1.25.4";
    this.name = options.name;
    this.#options = options;
    this.state = {
      protocol,
      version,
      relayed,
      setsAuthor,
      allowsNamespaces,
      workloads: options.workloads ?? [],
      registry: options.registry ?? new Registry(),
      repository: new SimulatedRepository(options.name),
    };
    const pause = (milliseconds: number): Promise<boolean> => this.#timers.delay(milliseconds);
    const post = (event: unknown): Promise<void> => this.post(event);
    const syncSoon = (): void => void this.sync();
    this.jobs = new JobRunner({ state: this.state, faults: this.faults, post, pause, syncSoon, jobMs });
    this.#syncs = new SyncLoop({ state: this.state, post, pause, syncMs });
    this.#dialer = new Dialer({
      connect: options.connect,
      token: options.token,
      protocol,
      userAgent: relayed ? `flux-adapter%!(EXTRA string=${version})` : `fluxd/${version}`,
      redialMs: options.redialMs ?? 5_000,
      frameBytes: 4_096,
      answersPings: () => this.faults.take("no-pongs") === undefined,
      onOpen: () => this.#opened(),
      onBytes: (bytes) => this.#server?.receive(bytes),
      onClose: () => undefined,
      idle: async () => this.#server?.idle(),
    });
  }

  get connected(): boolean {
    return this.#dialer.connected;
  }

  /** Was answered 410, at which the real process ends. */
  get expelled(): boolean {
    return this.#dialer.expelled;
  }

  start(): void {
    this.#dialer.start();
    // As often as the real daemon looks into git by default.
    this.#timers.every(300_000, () => void this.sync());
  }

  stop(): void {
    this.#timers.close();
    this.#dialer.stop();
  }

  /** Breaks the connection; it dials again by itself. */
  disconnect(): void {
    this.#dialer.break();
  }

  /** Sends bytes as they are, to see what the other end makes of them. */
  send(bytes: Buffer): void {
    this.#dialer.send(bytes);
  }

  sendText(text: string): void {
    this.#dialer.sendText(text);
  }

  /** Fetches and applies what is new in git. */
  sync(): Promise<void> {
    return this.#syncs.run();
  }

  /** Posts an event as the daemon would. */
  post(event: unknown): Promise<void> {
    if (this.faults.take("event-lost"))
      return Promise.reject(
        new Error(
          `executing HTTP request: executing HTTP request: Post "${this.#options.connect}/v6/events": EOF`,
        ),
      );
    return postEvent(this.#options, event);
  }

  #opened(): void {
    const { protocol, relayed } = this.state;
    this.#server = new RpcServer({
      methods: methodsOf({
        state: this.state,
        jobs: this.jobs,
        syncSoon: () => void this.sync(),
        onImage: async ({ Domain, Image }) => {
          this.notices.push(Domain ? `${Domain}/${Image}` : Image);
        },
      }),
      protocol,
      relayed,
      faults: this.faults,
      send: (bytes) => this.#dialer.send(bytes),
      hangUp: () => this.#dialer.hangUp(),
      break: () => this.#dialer.break(),
      pause: (milliseconds) => this.#timers.delay(milliseconds),
    });
  }
}
