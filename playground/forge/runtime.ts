import { TimerGroup } from "../kit/timers.ts";
import { CronClock } from "./cron-clock.ts";
import type { Job, Pod, Slot } from "./model.ts";
import { fail, succeed, throttle } from "./outcomes.ts";
import { sweep } from "./retention.ts";
import { rollUp } from "./rollup.ts";
import { type ForgeVersion, isAtLeast } from "./route.ts";
import type { ForgeStore } from "./store.ts";

/** How a kind of job behaves: how long it takes, and how often it fails or is throttled. */
export interface Behaviour {
  milliseconds: readonly [number, number];
  failing?: number;
  throttled?: number;
  message?: string;
}

const staleMs = 60_000;

/** Worker processes and the coordinator: what happens in a forge-jobs installation by itself (forge-jobs §7). */
export class ForgeRuntime {
  readonly #store: ForgeStore;
  readonly #behaviours: Readonly<Record<string, Behaviour>>;
  readonly #timers = new TimerGroup();
  readonly #cron: CronClock;
  readonly #ends = new Map<string, { at: number; outcome: (job: Job) => void }>();

  constructor(
    store: ForgeStore,
    behaviours: Readonly<Record<string, Behaviour>>,
    private readonly version: ForgeVersion = "0.3.7",
  ) {
    this.#store = store;
    this.#behaviours = behaviours;
    this.#cron = new CronClock(store);
  }

  /** Lets time pass: all the periods of forge-jobs §7.10. */
  start(): void {
    this.rebalance();
    this.supervise();
    this.#timers.every(250, () => this.work());
    this.#timers.every(1_000, () => this.supervise());
    this.#timers.every(5_000, () => this.rebalance());
    this.#timers.every(1_000, () => this.#cron.tick());
    this.#timers.every(15_000, () => this.reap());
    this.#timers.every(60_000, () => rollUp(this.#store, this.gaugeWriters()));
    this.#timers.every(300_000, () => sweep(this.#store));
  }

  stop(): void {
    this.#timers.close();
  }

  /** Starts a worker process that declares these queues. */
  addPod(name: string | null, queues: readonly string[]): Pod {
    const now = this.#store.now();
    const pod: Pod = {
      hostId: this.#store.newId(now),
      name,
      queues: [...queues],
      assigned: new Map(),
      startedAt: now,
      heartbeatAt: now,
      alive: true,
    };
    this.#store.pods.set(pod.hostId, pod);
    return pod;
  }

  /** A worker dies: it is seen a minute later, when its heartbeats are too old. */
  killPod(name: string): void {
    const pod = [...this.#store.pods.values()].find(
      (each) => each.alive && (each.name === name || each.hostId === name),
    );
    if (!pod) throw new Error(`no such worker: ${name}`);
    pod.alive = false;
  }

  /** Splits each queue's workers over the live processes that declared it: the first ones get the rest. */
  rebalance(): void {
    const now = this.#store.now();
    const live = [...this.#store.pods.values()].filter((pod) => now - pod.heartbeatAt <= staleMs);
    live.sort((left, right) => (left.hostId < right.hostId ? -1 : 1));
    for (const queue of this.#store.queues.values()) {
      const eligible = live.filter(({ queues }) => queues.length === 0 || queues.includes(queue.name));
      for (const [index, pod] of eligible.entries()) {
        const share = Math.floor(queue.maxWorkers / eligible.length);
        pod.assigned.set(queue.name, share + (index < queue.maxWorkers % eligible.length ? 1 : 0));
      }
    }
  }

  /** Heartbeats alone, where nothing else happens: the living stay alive however long somebody looks. */
  beat(): void {
    const now = this.#store.now();
    for (const pod of this.#store.pods.values()) if (pod.alive) pod.heartbeatAt = now;
    for (const slot of this.#store.slots.values())
      if (this.#store.pods.get(slot.hostId)?.alive) slot.heartbeatAt = now;
  }

  /** Heartbeats of the processes; worker slots begin and end as the settings say. */
  supervise(): void {
    const now = this.#store.now();
    for (const pod of this.#store.pods.values()) {
      if (!pod.alive) continue;
      pod.heartbeatAt = now;
      for (const [name, count] of pod.assigned)
        this.#fitSlots(pod, name, this.#store.queues.get(name)?.paused ? 0 : count);
    }
  }

  #fitSlots(pod: Pod, queue: string, count: number): void {
    const now = this.#store.now();
    for (let index = 0; index < 64; index += 1) {
      const processId = `${queue}-${index}-${pod.hostId}`;
      const slot = this.#store.slots.get(processId);
      if (index < count && !slot) {
        const fresh: Slot = {
          processId,
          queue,
          hostId: pod.hostId,
          startedAt: now,
          heartbeatAt: now,
          currentJob: null,
        };
        this.#store.slots.set(processId, fresh);
      } else if (index >= count && slot && slot.currentJob === null) this.#store.slots.delete(processId);
    }
  }

  /** Ends what is over and claims what is due. */
  work(): void {
    const now = this.#store.now();
    const free: Slot[] = [];
    for (const slot of this.#store.slots.values()) {
      if (!this.#store.pods.get(slot.hostId)?.alive) continue;
      slot.heartbeatAt = now;
      this.#finish(slot, now);
      if (slot.currentJob === null) free.push(slot);
    }
    if (free.length > 0) this.#claim(free, now);
  }

  #finish(slot: Slot, now: number): void {
    const job = slot.currentJob === null ? undefined : this.#store.jobs.get(slot.currentJob);
    const end = slot.currentJob === null ? undefined : this.#ends.get(slot.currentJob);
    if (!job || !end) {
      slot.currentJob = null;
      return;
    }
    if (job.cancelRequested && now - (job.heartbeatAt ?? 0) >= 10_000)
      fail(this.#store, job, "cancelled by user");
    else if (now >= end.at) end.outcome(job);
    else {
      if (now - (job.heartbeatAt ?? 0) >= 10_000) job.heartbeatAt = now;
      return;
    }
    this.#ends.delete(job.id);
    slot.currentJob = null;
  }

  #claim(free: readonly Slot[], now: number): void {
    const due = this.#dueJobs(now);
    for (const slot of free) {
      const queue = this.#store.queues.get(slot.queue);
      if (!queue || queue.paused || (queue.throttledUntil ?? 0) > now) continue;
      const job = due.get(slot.queue)?.shift();
      if (job) this.#run(slot, job, now);
    }
  }

  /** What may be claimed, by queue and in the order of claiming (forge-jobs §7.1). */
  #dueJobs(now: number): Map<string, Job[]> {
    const due = new Map<string, Job[]>();
    for (const job of this.#store.jobs.values()) {
      if (!this.#isClaimable(job, now)) continue;
      const jobs = due.get(job.queue);
      if (jobs) jobs.push(job);
      else due.set(job.queue, [job]);
    }
    for (const jobs of due.values()) jobs.sort(claimOrder);
    return due;
  }

  #isClaimable(job: Job, now: number): boolean {
    if ((job.status !== "pending" && job.status !== "failed") || job.scheduledAt > now) return false;
    const holder = job.dedupeKey === null ? undefined : this.#store.activeJob(job.dedupeKey);
    return holder === undefined || holder === job;
  }

  #run(slot: Slot, job: Job, now: number): void {
    this.#store.setStatus(job, "in_progress");
    job.attempts += 1;
    job.startedAt = now;
    job.heartbeatAt = now;
    job.processId = slot.processId;
    job.cancelRequested = false;
    slot.currentJob = job.id;
    this.#store.record("started", job);
    this.#ends.set(job.id, this.#endOf(job, now));
  }

  #endOf(job: Job, now: number): { at: number; outcome: (job: Job) => void } {
    const store = this.#store;
    const behaviour = this.#behaviours[job.kind];
    if (!behaviour)
      return {
        at: now,
        outcome: (ended) => fail(store, ended, `no handler registered for kind: ${job.kind}`),
      };
    const at = now + store.random.integer(...behaviour.milliseconds);
    const chance = store.random.next();
    if (chance < (behaviour.failing ?? 0))
      return { at, outcome: (ended) => fail(store, ended, behaviour.message ?? "demo-fail") };
    if (chance > 1 - (behaviour.throttled ?? 0)) return { at, outcome: (ended) => throttle(store, ended) };
    return { at, outcome: (ended) => succeed(store, ended) };
  }

  /** Removes slots and processes without heartbeat, and revives their jobs (forge-jobs §7.6). */
  reap(): void {
    const now = this.#store.now();
    for (const [id, slot] of this.#store.slots)
      if (now - slot.heartbeatAt > staleMs) this.#store.slots.delete(id);
    for (const [id, pod] of this.#store.pods)
      if (now - pod.heartbeatAt > staleMs) this.#store.pods.delete(id);
    for (const job of this.#store.jobs.values()) {
      if (job.status === "in_progress" && now - (job.heartbeatAt ?? 0) > staleMs) {
        this.#ends.delete(job.id);
        fail(this.#store, job, "reaped after stale heartbeat");
      }
    }
  }

  /** Hosts that write their own figures: from 0.3.1 on every worker, before it the coordinating one (forge-jobs §7.9). */
  gaugeWriters(): string[] {
    const alive = [...this.#store.pods.values()].filter((pod) => pod.alive).map(({ hostId }) => hostId);
    return isAtLeast(this.version, "0.3.7") ? alive : alive.slice(0, 1);
  }
}

function claimOrder(left: Job, right: Job): number {
  return (
    left.priority - right.priority || left.scheduledAt - right.scheduledAt || (left.id < right.id ? -1 : 1)
  );
}
