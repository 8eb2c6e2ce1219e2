import { nextFire } from "./cron.ts";
import type { Schedule } from "./model.ts";
import { queueOfKind } from "./routes-cron.ts";
import type { ForgeStore } from "./store.ts";

/** Fires schedules when they are due; missed times are not made up for (forge-jobs §7.8). */
export class CronClock {
  readonly #store: ForgeStore;

  constructor(store: ForgeStore) {
    this.#store = store;
  }

  tick(): void {
    const now = this.#store.now();
    for (const schedule of this.#store.schedules.values()) {
      if (!schedule.enabled) continue;
      try {
        this.#advance(schedule, now);
      } catch (error) {
        schedule.lastError = error instanceof Error ? error.message : String(error);
        schedule.enabled = false;
      }
    }
  }

  #advance(schedule: Schedule, now: number): void {
    if (schedule.nextFireAt === null) {
      schedule.nextFireAt = nextFire(schedule.expression, now);
      // Nothing was enqueued, yet the real one tells a time (forge-jobs §7.8).
      schedule.lastFiredAt ??= now;
      return;
    }
    if (schedule.nextFireAt > now) return;
    schedule.nextFireAt = nextFire(schedule.expression, now);
    schedule.lastFiredAt = now;
    const active = schedule.dedupeKey !== null && this.#store.activeJob(schedule.dedupeKey);
    if (active) return;
    const job = this.#store.enqueue({
      queue: schedule.queue ?? queueOfKind(schedule.kind),
      kind: schedule.kind,
      payload: schedule.payload,
      dedupeKey: schedule.dedupeKey,
      maxAttempts: schedule.maxAttempts,
    });
    this.#store.record("enqueued", job);
  }
}
