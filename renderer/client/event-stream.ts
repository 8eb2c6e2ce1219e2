import type { FailureData, TopicDeclaration, TopicMessage } from "../../shared/contract/index.ts";
import { Collection } from "./collection.ts";
import type { Transport } from "./transport.ts";

export type TopicPhase = "loading" | "live" | "stale" | "failed";

/** What is known of one live topic. */
export interface TopicState<Row> {
  rows: readonly Row[];
  /** `stale`: the rows were true at `updatedAt`, and the way to newer ones is broken. */
  phase: TopicPhase;
  failure?: FailureData;
  /** Milliseconds since the epoch at which the phase began. */
  since: number;
  /** Milliseconds since the epoch of the last message. */
  updatedAt: number;
  /** Rows of a stream that went by unsent since the snapshot; the log holds them. */
  skipped: number;
}

export interface TopicFeedOptions<Row> {
  address: string;
  declaration: Pick<TopicDeclaration<Row>, "key" | "newest">;
  subscribe: Transport["subscribe"];
  /** Runs the notification later, at most once per frame. */
  schedule: (notify: () => void) => void;
}

const resubscribeMs = 1_500;

/** One live topic of one address, shared by everything on the page that shows it. */
export class TopicFeed<Row> {
  private readonly options: TopicFeedOptions<Row>;
  private readonly rows: Collection<Row>;
  private readonly listeners = new Set<() => void>();
  private state: TopicState<Row>;
  /** What the next notification makes public; until then nobody sees half of a change. */
  private next: TopicState<Row>;
  private revision: number | undefined;
  private scheduled = false;
  private unsubscribe: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TopicFeedOptions<Row>) {
    this.options = options;
    this.rows = new Collection(options.declaration.key, options.declaration.newest);
    this.state = { rows: [], phase: "loading", since: Date.now(), updatedAt: 0, skipped: 0 };
    this.next = this.state;
  }

  /** Begins to follow the topic. */
  open(): void {
    clearTimeout(this.timer);
    this.unsubscribe?.();
    this.revision = undefined;
    this.unsubscribe = this.options.subscribe(this.options.address, {
      message: (message) => this.receive(message),
      interrupted: (failure) => this.interrupt(failure),
    });
  }

  /** Stops following; the rows stay as they are. */
  close(): void {
    clearTimeout(this.timer);
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): TopicState<Row> => this.state;

  readonly getRow = (key: string): Row | undefined => this.rows.get(key);

  private receive(message: TopicMessage): void {
    if (message.kind === "closed") this.closedByConsole(message.message);
    else if (message.kind === "snapshot") this.takeSnapshot(message);
    else this.takeDelta(message);
  }

  private takeSnapshot(message: Extract<TopicMessage, { kind: "snapshot" }>): void {
    this.rows.reset(message.rows as Row[]);
    this.next = { ...this.next, skipped: 0 };
    this.revision = message.revision;
    this.enter("live");
  }

  private takeDelta(message: Extract<TopicMessage, { kind: "delta" }>): void {
    // Without a snapshot a delta means nothing; an old one is already part of it.
    if (this.revision === undefined || message.revision <= this.revision) return;
    if (message.revision !== this.revision + 1) {
      this.open();
      return;
    }
    this.rows.apply(message.upsert as Row[], message.remove);
    this.next = { ...this.next, skipped: this.next.skipped + (message.skipped ?? 0) };
    this.revision = message.revision;
    this.enter("live");
  }

  private closedByConsole(reason: string): void {
    this.interrupt({ code: "unreachable", message: reason });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), resubscribeMs);
  }

  private interrupt(failure: FailureData): void {
    this.revision = undefined;
    this.enter(this.next.updatedAt === 0 ? "failed" : "stale", failure);
  }

  private enter(phase: TopicPhase, failure?: FailureData): void {
    const now = Date.now();
    const since = phase === this.next.phase ? this.next.since : now;
    const updatedAt = phase === "live" ? now : this.next.updatedAt;
    this.next = { ...this.next, phase, failure, since, updatedAt };
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.schedule(() => this.notify());
  }

  private notify(): void {
    this.scheduled = false;
    this.next = { ...this.next, rows: this.rows.rows() };
    this.state = this.next;
    for (const listener of this.listeners) listener();
  }
}
