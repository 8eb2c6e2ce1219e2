import type { Clock } from "../../../shared/contract/index.ts";
import type { FluxDaemonRow, FluxEvent, FluxJob } from "../../../shared/flux/schema.ts";
import type { Scope } from "../../connections/scope.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { type CallTimes, DaemonClient } from "../client/daemon-client.ts";
import type { DaemonSocket } from "../client/daemon-socket.ts";
import type { DecodedFluxEvent } from "../client/decode-event.ts";
import { jobOf } from "../client/rows.ts";
import { DaemonApplicationError, FatalError } from "../client/rpc-errors.ts";
import { type DaemonFacts, readFacts } from "./daemon-facts.ts";
import { SyncHistory } from "./sync-history.ts";

export interface FluxDaemonParts {
  times: CallTimes;
  /** Milliseconds between readings of the facts. */
  readEveryMs: number;
  clock: Clock;
  /** What waits for the daemon ends with it. */
  scope: Scope;
  onChange(): void;
  onError(error: unknown): void;
}

/** Replacements within a minute from which on two daemons seem to share a token. */
const flappingFrom = 3;
const keptJobs = 500;
/** While commits wait to be applied: the marker moves only after the events were accepted (flux-rpc §6.3). */
const readAgainMs = 2_000;

/** One daemon that has a token: whether it is here, what it said of itself, and the way to call it. */
export class FluxDaemon {
  readonly id: string;
  /** Every event that it posts, with its text. */
  readonly events = new Emitter<[{ event: FluxEvent; decoded: DecodedFluxEvent }]>();
  /** The syncs that it told about, and what hinders them. */
  readonly syncs = new SyncHistory();
  #name: string;
  #socket: DaemonSocket | undefined;
  #client: DaemonClient | undefined;
  #facts: Partial<DaemonFacts> = {};
  #factsAt: string | undefined;
  /** What the last reading could not find out. */
  #problems: readonly string[] = [];
  #status: FluxDaemonRow["status"] = "waiting";
  #statusSince: string;
  #registrations = 0;
  #malformedAnswers = 0;
  #replacedAt: number[] = [];
  #lastError: FluxDaemonRow["lastError"];
  #lastEventAt: string | undefined;
  #reading: { client: DaemonClient; done: Promise<void> } | undefined;
  readonly #clock: Clock;
  #cancelReadings: () => void = () => undefined;
  #cancelSoon: () => void = () => undefined;
  readonly #arrivals = new Emitter<[]>();
  readonly #finished = new Map<string, FluxJob>();

  constructor(
    declared: { id: string; name: string },
    private readonly parts: FluxDaemonParts,
  ) {
    this.#clock = parts.scope.clock(parts.clock);
    this.id = declared.id;
    this.#name = declared.name;
    this.#statusSince = this.#timestamp();
  }

  get name(): string {
    return this.#name;
  }

  rename(name: string): void {
    this.#name = name;
    this.parts.onChange();
  }

  /** The calls. Throws a FatalError (nothing sent) while it is not connected. */
  get client(): DaemonClient {
    if (this.#client) return this.#client;
    throw new FatalError("lost", "it is not connected", true);
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** The daemon's own version, as far as it is known. */
  get version(): string | undefined {
    return this.#facts.version;
  }

  row(): FluxDaemonRow {
    const facts = this.#facts;
    return {
      id: this.id,
      name: this.#name,
      status: this.#status,
      statusSince: this.#statusSince,
      protocol: this.#socket?.registration.protocol,
      userAgent: this.#socket?.registration.userAgent,
      remoteAddress: this.#socket?.registration.remoteAddress,
      relayed: this.#socket?.registration.userAgent.startsWith("flux-adapter") ?? false,
      registrations: this.#registrations,
      malformedAnswers: this.#malformedAnswers,
      version: facts.version,
      roundTripMs: facts.roundTripMs,
      repository: facts.repository,
      sync: facts.sync && { ...facts.sync, ...this.syncs.last },
      workloads: facts.workloads,
      factsAt: this.#factsAt,
      lastEventAt: this.#lastEventAt,
      lastError: this.#lastError,
      warnings: this.#warnings(),
    };
  }

  /** Takes a new connection; an older one is dropped (flux-rpc §1.11). Returns what is to be told its end. */
  attach(socket: DaemonSocket): (reason: string) => void {
    const former = this.#client ? this.#socket : undefined;
    this.#socket = socket;
    this.#client = new DaemonClient(socket.rpc, socket.registration.protocol, this.parts.times);
    this.#registrations++;
    // It may be another build that comes now, of another version of the protocol.
    this.#facts = { ...this.#facts, version: undefined };
    this.#problems = [];
    if (former) {
      this.#replacedAt = [...this.#replacedAt, this.#clock.now()].slice(-flappingFrom);
      former.close("the daemon connected anew");
    }
    this.#become("connected");
    this.#arrivals.emit();
    void this.readFacts();
    this.#cancelReadings();
    this.#cancelReadings = this.#clock.every(this.parts.readEveryMs, () => void this.readFacts());
    return (reason) => this.#ended(socket, reason);
  }

  /** Ends its connection, as when its token was renewed; it may come again. */
  drop(reason: string): void {
    this.#cancelReadings();
    this.#cancelSoon();
    this.#socket?.close(reason);
  }

  /** Ends its connection and everything that waits for it: it will not come again here. */
  end(reason: string): void {
    this.drop(reason);
    void this.parts.scope.end();
  }

  /** Runs once it is certain that it does not come again here, as when the console stops listening; returns what takes it back. */
  onEnd(run: () => void): () => void {
    return this.parts.scope.onEnd(run);
  }

  /** Resolves at once while it is connected, otherwise when it comes; `end` gives up. */
  arrival(end: AbortSignal): Promise<void> {
    if (this.isConnected) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = this.#arrivals.on(() => finish());
      const finish = (): void => {
        leave();
        end.removeEventListener("abort", finish);
        resolve();
      };
      end.addEventListener("abort", finish);
    });
  }

  /** Reads version, repository, sync and workloads; at most one reading of a connection at a time. */
  readFacts(): Promise<void> {
    const client = this.#client;
    if (!client) return Promise.resolve();
    if (this.#reading?.client === client) return this.#reading.done;
    const done = this.#read(client).finally(() => {
      if (this.#reading?.client === client) this.#reading = undefined;
    });
    this.#reading = { client, done };
    return done;
  }

  /** Takes up what is kept of it from before the console listened; newest first. `decode` reads one whole. */
  recall(events: readonly FluxEvent[], decode: (event: FluxEvent) => DecodedFluxEvent | undefined): void {
    this.#lastEventAt = events[0]?.receivedAt;
    for (const event of [...events].reverse()) {
      if (event.type === "sync") this.syncs.takeSync(event);
      const commit = event.type === "commit" ? decode(event) : undefined;
      if (commit) this.syncs.takeCommit(commit);
    }
  }

  /** Takes note of an event that it has posted. */
  noteEvent(event: FluxEvent, decoded: DecodedFluxEvent): void {
    this.#lastEventAt = event.receivedAt;
    if (event.type === "sync") this.syncs.takeSync(event, decoded);
    if (event.type === "commit") this.syncs.takeCommit(decoded);
    this.parts.onChange();
    this.events.emit({ event, decoded });
    if (this.isConnected) void this.readFacts();
  }

  /** A job's state; final ones are remembered, because the daemon forgets them and may step back (flux-rpc §7, trap 16). */
  async job(jobId: string): Promise<FluxJob> {
    const finished = this.#finished.get(jobId);
    if (finished) return finished;
    const readAt = this.#timestamp();
    try {
      const status = await this.client.jobStatus(jobId);
      const job = jobOf(jobId, status, readAt);
      if (job.state === "succeeded" || job.state === "failed") this.#remember(job);
      if (job.revision)
        this.syncs.takeCommit({ ...job, revisions: [job.revision], spec: status.Result.spec });
      return job;
    } catch (error) {
      if (error instanceof DaemonApplicationError && isForgotten(error))
        return { id: jobId, state: "forgotten", error: error.message, results: [], readAt };
      throw error;
    }
  }

  #remember(job: FluxJob): void {
    this.#finished.set(job.id, job);
    for (const id of this.#finished.keys()) {
      if (this.#finished.size <= keptJobs) return;
      this.#finished.delete(id);
    }
  }

  async #read(client: DaemonClient): Promise<void> {
    try {
      const problems = await readFacts(
        client,
        () => this.#clock.now(),
        (part) => {
          if (this.#client !== client) return;
          this.#facts = { ...this.#facts, ...part };
          if (part.sync) this.syncs.takePending(part.sync.state === "pending", this.#clock.now());
          this.parts.onChange();
        },
      );
      if (this.#client !== client) return;
      this.#factsAt = this.#timestamp();
      this.#problems = problems;
      const [problem] = problems;
      if (problem) this.#lastError = { at: this.#factsAt, message: problem };
      this.#cancelSoon();
      if (this.#facts.sync?.state === "pending")
        this.#cancelSoon = this.#clock.after(readAgainMs, () => void this.readFacts());
      this.parts.onChange();
    } catch (error) {
      // The end of the connection is told by the socket itself.
      if (!(error instanceof FatalError)) this.parts.onError(error);
    }
  }

  #ended(socket: DaemonSocket, reason: string): void {
    if (socket.rpc.ended?.kind === "garbage") this.#malformedAnswers++;
    if (this.#socket !== socket) {
      this.parts.onChange();
      return;
    }
    this.#cancelReadings();
    this.#cancelSoon();
    this.#client = undefined;
    this.#lastError = { at: this.#timestamp(), message: reason };
    this.#become("disconnected");
  }

  #become(status: FluxDaemonRow["status"]): void {
    this.#status = status;
    this.#statusSince = this.#timestamp();
    this.parts.onChange();
  }

  #warnings(): string[] {
    const warnings: string[] = [];
    const [first] = this.#replacedAt;
    if (this.#replacedAt.length >= flappingFrom && first !== undefined && this.#clock.now() - first < 60_000)
      warnings.push("It keeps being replaced: two daemons seem to share this token. Give each its own.");
    if (this.isConnected && this.#problems.length > 0)
      warnings.push(`The last reading is not whole: ${this.#problems.join("; ")}`);
    const hindered =
      this.syncs.obstacle ?? (this.isConnected ? this.syncs.stuck(this.#clock.now()) : undefined);
    if (hindered) warnings.push(hindered);
    const { repository } = this.#facts;
    if (repository && repository.status !== "" && repository.status !== "ready")
      warnings.push(
        `Its git repository is ${repository.status}: ${repository.errors.trim() || "no reason given"}`,
      );
    return warnings;
  }

  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

/** Type `missing`; through flux-adapter only the words tell (flux-rpc §6.5). */
function isForgotten({ data, message }: DaemonApplicationError): boolean {
  return data.type === "missing" || message.startsWith("unknown job ");
}
