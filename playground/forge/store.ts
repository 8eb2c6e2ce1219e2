import type { Random } from "../kit/random.ts";
import { createRandom } from "../kit/random.ts";
import {
  type EventType,
  type Job,
  newQueue,
  type Pod,
  type Queue,
  type QueueEvent,
  type Rollup,
  type Schedule,
  type Slot,
  type Status,
} from "./model.ts";
import { UlidMaker } from "./ulid.ts";

export interface NewJob {
  queue: string;
  kind: string;
  payload: string;
  dedupeKey?: string | null;
  runAt?: number | null;
  priority?: number | null;
  maxAttempts?: number | null;
}

/** Everything that a forge-jobs database holds, and the clock that its server goes by. */
export class ForgeStore {
  readonly queues = new Map<string, Queue>();
  readonly jobs = new Map<string, Job>();
  readonly slots = new Map<string, Slot>();
  readonly pods = new Map<string, Pod>();
  readonly schedules = new Map<string, Schedule>();
  readonly random: Random;
  events: QueueEvent[] = [];
  rollups: Rollup[] = [];
  readonly #ulids: UlidMaker;
  /** Active jobs by dedupe key (forge-jobs §7.2). */
  readonly #keys = new Map<string, string>();
  /** Milliseconds that this server's clock is ahead of the machine's. */
  clockOffset = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
    this.#ulids = new UlidMaker(this.random.fork());
  }

  now(): number {
    return Date.now() + this.clockOffset;
  }

  newId(at = this.now()): string {
    return this.#ulids.next(at);
  }

  addQueue(name: string, settings: Partial<Queue> = {}): Queue {
    const queue = newQueue(name, settings);
    this.queues.set(name, queue);
    return queue;
  }

  /** Queues in the order of their names' bytes. */
  sortedQueues(): Queue[] {
    return [...this.queues.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** The new job, or the active one that holds the same key. */
  enqueue(params: NewJob, enqueuedAt = this.now()): Job {
    const active = params.dedupeKey && this.activeJob(params.dedupeKey);
    if (active) return active;
    const job: Job = {
      id: this.newId(enqueuedAt),
      queue: params.queue,
      kind: params.kind,
      payload: params.payload,
      status: "pending",
      priority: params.priority ?? 0,
      attempts: 0,
      maxAttempts: params.maxAttempts ?? 5,
      enqueuedAt,
      scheduledAt: params.runAt ?? enqueuedAt,
      startedAt: null,
      completedAt: null,
      lastError: null,
      processId: null,
      dedupeKey: params.dedupeKey ?? null,
      heartbeatAt: null,
      errors: [],
      cancelRequested: false,
    };
    this.jobs.set(job.id, job);
    this.holdKey(job);
    return job;
  }

  /** The pending or running job with this key. */
  activeJob(key: string): Job | undefined {
    const id = this.#keys.get(key);
    return id === undefined ? undefined : this.jobs.get(id);
  }

  /** Puts a job into a state, and its key with it. */
  setStatus(job: Job, status: Status): void {
    this.releaseKey(job);
    job.status = status;
    this.holdKey(job);
  }

  remove(job: Job): void {
    this.releaseKey(job);
    this.jobs.delete(job.id);
  }

  /** Removes the oldest jobs that are over, so that a server left running for days stays small. */
  keepNewest(count: number): void {
    let surplus = this.jobs.size - count;
    for (const job of this.jobs.values()) {
      if (surplus <= 0) return;
      if (job.status !== "done" && job.status !== "dead") continue;
      this.remove(job);
      surplus -= 1;
    }
  }

  record(type: EventType, job: Job): void {
    this.events.push({ at: this.now(), queue: job.queue, type, jobId: job.id });
    if (this.events.length > 50_000) this.events = this.events.slice(-40_000);
  }

  /** Events of jobs that are still there: the timeline forgets a job that was deleted (forge-jobs §7.7). */
  livingEvents(): QueueEvent[] {
    return this.events.filter(({ jobId }) => this.jobs.has(jobId));
  }

  private holdKey(job: Job): void {
    if (job.dedupeKey !== null && (job.status === "pending" || job.status === "in_progress"))
      this.#keys.set(job.dedupeKey, job.id);
  }

  private releaseKey(job: Job): void {
    if (job.dedupeKey !== null && this.#keys.get(job.dedupeKey) === job.id) this.#keys.delete(job.dedupeKey);
  }
}
