import type { ProfileOf } from "../../../shared/connections/schema.ts";
import type { Clock } from "../../../shared/contract/index.ts";
import type { QueueRow, ServerLevel } from "../../../shared/forge/schema.ts";
import type { Scope } from "../../connections/scope.ts";
import type { SystemSession } from "../../connections/system-module.ts";
import type { MetricSample } from "../../storage/metric-store.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { parsePrometheus } from "../../upstream/prometheus.ts";
import { roundTripOf } from "../../upstream/round-trip.ts";
import type { ForgeClient } from "../client/client.ts";
import type { QueueOverview } from "../client/wire.ts";

/** Where a session records figures. */
export interface MetricRecorder {
  append(connectionId: string, samples: readonly MetricSample[]): void;
}

export interface SessionParts {
  recorder: MetricRecorder;
  clock: Clock;
  /** Hears what goes wrong while nobody waits for it. */
  onError(error: unknown): void;
}

type RowsListener = (upsert: readonly QueueRow[], remove: readonly string[]) => void;

/** What is recorded every time; a hundred queues have about a thousand. */
const mostSamples = 10_000;
const longestName = 512;
const followMs = 2_000;
/** Who serves the queues changes less often than what is in them, and is one more request. */
const workersMs = 20_000;
const recordMs = 15_000;

/** A server that has answered, and the scope of the connection to it. */
export interface OpenedServer {
  profile: ProfileOf<"forge">;
  client: ForgeClient;
  level: ServerLevel;
  scope: Scope;
}

/** One open connection to a jobs server: reads its queues while somebody looks, and records their figures all the time. */
export class ForgeSession implements SystemSession {
  readonly profile: ProfileOf<"forge">;
  readonly client: ForgeClient;
  readonly level: ServerLevel;
  private readonly scope: Scope;
  private readonly clock: Clock;
  private readonly rows = new Map<string, QueueRow>();
  private readonly changes: Emitter<Parameters<RowsListener>>;
  private cancelPoll: () => void = () => undefined;
  private served: { at: number; unassigned: ReadonlySet<string> | undefined } | undefined;

  constructor(
    { profile, client, level, scope }: OpenedServer,
    private readonly parts: SessionParts,
  ) {
    this.profile = profile;
    this.client = client;
    this.level = level;
    this.scope = scope;
    this.clock = scope.clock(parts.clock);
    this.changes = new Emitter(parts.onError);
    void this.record();
  }

  get server(): string {
    return this.client.http.address;
  }

  check(): Promise<number> {
    return roundTripOf(() => this.client.storage());
  }

  /** The queues as last read. */
  known(): QueueRow[] {
    return [...this.rows.values()];
  }

  /** Calls back with each change of the queues, which are read every two seconds meanwhile. */
  follow(listener: RowsListener): () => void {
    const leave = this.changes.on(listener);
    if (this.changes.size === 1) void this.poll();
    return () => {
      leave();
      if (this.changes.size === 0) this.cancelPoll();
    };
  }

  /** Reads the queues now, and who serves them unless that is known well enough. Throws a Failure. */
  async read(servedSince = this.clock.now()): Promise<QueueRow[]> {
    const [overview, unassigned] = await Promise.all([
      this.client.overview(),
      this.readUnassigned(servedSince),
    ]);
    const readAt = new Date(this.clock.now()).toISOString();
    const rows = overview.map((queue) => this.rowOf(queue, unassigned, readAt));
    this.take(rows);
    return rows;
  }

  /** Without an answer only who serves the queues is unknown; the page of the workers tells why. */
  private async readUnassigned(since: number): Promise<ReadonlySet<string> | undefined> {
    if (this.level !== "0.3") return undefined;
    if (this.served && this.served.at >= since) return this.served.unassigned;
    const at = this.clock.now();
    const workers = await this.client.workers().catch(() => undefined);
    this.served = { at, unassigned: workers && new Set(workers.unassignedQueues) };
    return this.served.unassigned;
  }

  private rowOf(queue: QueueOverview, unassigned: ReadonlySet<string> | undefined, readAt: string): QueueRow {
    const { throttledUntil, ...row } = queue;
    // It stays in the past when the cool-down is over (forge-jobs §7.4).
    const isThrottled = throttledUntil !== undefined && Date.parse(throttledUntil) > this.clock.now();
    return {
      ...row,
      ...(isThrottled && { throttledUntil }),
      ...(unassigned && { unassigned: unassigned.has(queue.name) }),
      readAt,
    };
  }

  private take(rows: readonly QueueRow[]): void {
    if (this.scope.isOver) return;
    const names = new Set(rows.map(({ name }) => name));
    const gone = [...this.rows.keys()].filter((name) => !names.has(name));
    for (const name of gone) this.rows.delete(name);
    for (const row of rows) this.rows.set(row.name, row);
    this.changes.emit(rows, gone);
  }

  private async poll(): Promise<void> {
    this.cancelPoll();
    // The connection's own check tells of a server that does not answer.
    await this.read(this.clock.now() - workersMs).catch(() => undefined);
    if (this.changes.size === 0) return;
    this.cancelPoll();
    this.cancelPoll = this.clock.after(followMs, () => void this.poll());
  }

  private async record(): Promise<void> {
    const text = await this.client.metricsText().catch(() => undefined);
    if (this.scope.isOver) return;
    try {
      if (text !== undefined) this.parts.recorder.append(this.profile.id, samplesOf(text));
    } catch (error) {
      this.parts.onError(error);
    }
    this.clock.after(recordMs, () => void this.record());
  }
}

function samplesOf(text: string): MetricSample[] {
  const samples = parsePrometheus(text).families.flatMap(({ name, samples }) =>
    samples.flatMap(({ labels, value }) =>
      value === null || labels.queue === undefined || labels.queue.length > longestName
        ? []
        : [{ family: name, subject: labels.queue, value }],
    ),
  );
  return samples.slice(0, mostSamples);
}
