import type { InputFor } from "../../shared/catalogue.ts";
import { asFailure, type FailureData } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import {
  addOlder,
  catchUp,
  countLive,
  cutAt,
  type EventPage,
  type EventWindow,
  hasGap,
  type LiveEvents,
  openWindow,
  takeLive,
} from "./event-window.ts";

export type EventSearch = (query: InputFor<"events.search">) => Promise<EventPage>;

export interface EventFollowerOptions {
  search: EventSearch;
  scope: { connectionId: string; lattice: string };
  filter: string;
  /** Whether a live row fits the filter; undefined where only the log can tell. */
  fits: ((row: EventRow) => boolean) | undefined;
}

export interface FollowerState {
  window: EventWindow | undefined;
  phase: "loading" | "ready" | "failed";
  failure?: FailureData;
  /** An older page is on its way. */
  reading: boolean;
  held: boolean;
}

const pageRows = 500;
const catchUpRows = 2_000;
const restMs = 400;

/** Follows the log with one filter: live rows while they are complete, the log wherever they are not. */
export class EventFollower {
  #state: FollowerState = { window: undefined, phase: "loading", reading: false, held: false };
  #live: LiveEvents = { rows: [], skipped: 0 };
  /** The newest event there was when the list began to be held. */
  #heldAt = 0;
  #catching = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #options: EventFollowerOptions;
  readonly #listeners = new Set<() => void>();

  constructor(options: EventFollowerOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): FollowerState => this.#state;

  /** Reads the newest page, or the one below a sequence; a window over the past is held. */
  async open(before?: number): Promise<void> {
    this.#closed = false;
    const asked = this.#live;
    try {
      const page = await this.#search({ limit: pageRows, ...(before === undefined ? {} : { before }) });
      // A window over the past is complete only up to its own newest row.
      const window = openWindow(
        page,
        before === undefined ? asked : { rows: page.rows.slice(0, 1), skipped: asked.skipped },
      );
      // Held while it was read: what came since then is counted like all that comes while it is held.
      const stands = before === undefined && this.#state.held && this.#heldAt > 0;
      this.#change({
        window: stands ? cutAt(window, this.#heldAt) : window,
        phase: "ready",
        failure: undefined,
        held: before !== undefined || this.#state.held,
      });
      this.#follow();
    } catch (error) {
      this.#change({ phase: "failed", failure: asFailure(error).toData() });
    }
  }

  /** Drops what is under way; `open` begins anew. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Takes what the live topic holds now. */
  readonly setLive = (live: LiveEvents): void => {
    if (live.rows === this.#live.rows && live.skipped === this.#live.skipped) return;
    this.#live = live;
    this.#follow();
  };

  /** Held: new events are counted and not listed; afterwards the list catches up. */
  setHeld(held: boolean): void {
    if (held === this.#state.held) return;
    if (held) this.#heldAt = this.#live.rows.at(-1)?.sequence ?? 0;
    this.#change({ held });
    this.#follow();
  }

  /** Adds the page below the oldest row. */
  async readOlder(): Promise<void> {
    const { window, reading } = this.#state;
    const before = window?.rows.at(-1)?.sequence;
    if (!window?.more || reading || before === undefined) return;
    this.#change({ reading: true });
    try {
      const page = await this.#search({ before, limit: pageRows });
      if (this.#state.window) this.#change({ window: addOlder(this.#state.window, page), reading: false });
    } catch (error) {
      this.#change({ reading: false, failure: asFailure(error).toData() });
    }
  }

  /** The same from a handler; the outcome is in the state. */
  readonly readOlderSoon = (): void => void this.readOlder();

  #follow(): void {
    const { window, held } = this.#state;
    if (!window) return;
    const { fits } = this.#options;
    if (held) this.#change({ window: countLive(window, this.#live, fits ?? (() => true)) });
    else if (this.#needsLog(window)) this.#catchUpSoon();
    else if (fits) this.#change({ window: takeLive(window, this.#live, fits) });
  }

  #needsLog(window: EventWindow): boolean {
    if (hasGap(window, this.#live)) return true;
    return !this.#options.fits && (this.#live.rows.at(-1)?.sequence ?? 0) > window.listed;
  }

  /** One question at a time, with a rest between two, so that a storm of events does not become a storm of questions. */
  #catchUpSoon(): void {
    if (this.#catching || this.#timer !== undefined) return;
    this.#catching = true;
    void this.#catchUp().finally(() => {
      this.#catching = false;
      if (this.#closed) return;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#follow();
      }, restMs);
    });
  }

  async #catchUp(): Promise<void> {
    const { window } = this.#state;
    if (!window) return;
    const asked = this.#live;
    try {
      const page = await this.#search({ after: window.listed, limit: catchUpRows });
      if (this.#state.held || this.#state.window !== window) return;
      this.#change({ window: catchUp(window, page, asked), failure: undefined });
    } catch (error) {
      this.#change({ failure: asFailure(error).toData() });
    }
  }

  #search(query: Omit<InputFor<"events.search">, "connectionId" | "lattice" | "filter">): Promise<EventPage> {
    const { search, scope, filter } = this.#options;
    return search({ ...scope, filter, ...query });
  }

  #change(part: Partial<FollowerState>): void {
    if (this.#closed) return;
    const next = { ...this.#state, ...part };
    const same = (Object.keys(part) as (keyof FollowerState)[]).every(
      (key) => this.#state[key] === next[key],
    );
    if (same) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
