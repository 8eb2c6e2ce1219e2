import type { Activity, ActivityRecord, Clock } from "../../../shared/contract/index.ts";

/** Where activities are written; `append` returns when the record is on disk and throws when it is not. */
export interface ActivityJournal {
  append(activity: Activity): ActivityRecord;
  get(id: string): Activity | undefined;
  unsettled(): Activity[];
  newest(limit: number): Activity[];
}

export interface JournalQueueParts {
  journal: ActivityJournal;
  clock: Clock;
  /** Called once when steps can no longer be written; they are kept in memory until they can. */
  onJournalError(error: unknown): void;
  /** Called when all of them are written after all. */
  onJournalRestored?(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Writes each step in order, and keeps those that cannot be written until they can. */
export class JournalQueue {
  readonly #waiting: Activity[] = [];
  #pauseMs = firstPauseMs;
  #cancelRetry: (() => void) | undefined;

  constructor(private readonly parts: JournalQueueParts) {}

  /** Throws where it is not on the disk in the end; then it is not kept either. */
  record(activity: Activity): void {
    this.#drain();
    this.parts.journal.append(activity);
  }

  append(activity: Activity): void {
    const isOutage = this.#waiting.length > 0;
    this.#waiting.push(activity);
    try {
      this.#drain(isOutage);
    } catch (error) {
      if (!isOutage) this.parts.onJournalError(error);
      this.#cancelRetry ??= this.#retryLater();
    }
  }

  /** The activity as it is, written or not. */
  get(id: string): Activity | undefined {
    return this.#waiting.findLast((activity) => activity.id === id) ?? this.parts.journal.get(id);
  }

  newest(limit: number): Activity[] {
    const newer = new Map(this.#waiting.map((activity) => [activity.id, activity]));
    return this.parts.journal.newest(limit).map((activity) => newer.get(activity.id) ?? activity);
  }

  unsettled(): Activity[] {
    return this.parts.journal.unsettled();
  }

  /** Tries a last time. */
  close(): void {
    try {
      this.#drain();
    } catch {
      // It was told when it began.
    }
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #drain(isOutage = this.#waiting.length > 0): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      this.parts.journal.append(next);
      this.#waiting.shift();
    }
    if (!isOutage) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#pauseMs = firstPauseMs;
    this.parts.onJournalRestored?.();
  }

  #retryLater(): () => void {
    const pause = this.#pauseMs;
    this.#pauseMs = Math.min(longestPauseMs, pause * 2);
    return this.parts.clock.after(pause, () => {
      this.#cancelRetry = undefined;
      try {
        this.#drain();
      } catch {
        this.#cancelRetry = this.#retryLater();
      }
    });
  }
}
