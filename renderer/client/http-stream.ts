import { type FailureData, topicMessageSchema } from "../../shared/contract/index.ts";
import type { TopicListener } from "./transport.ts";

/** Topics change in bursts while a page mounts; they are asked for together. */
const settleMs = 30;
const retryMs = 2_000;

const broken: FailureData = {
  code: "unreachable",
  message: "The live stream of the console was interrupted.",
  hint: "It is restored by itself as soon as the console answers.",
};

/** What becomes of the topics of a stream; those to follow begin with a new snapshot. */
export interface TopicChange {
  follow: string[];
  leave: string[];
}

/** One stream of live topics. */
export interface OpenedStream {
  /** Changes its topics while it is open; false when that was refused. */
  change(change: TopicChange): Promise<boolean>;
  close(): void;
}

/** Opens a stream with its first topics; `opened` is told each time it is restored, then with those first topics again. */
export type OpenStream = (
  topics: readonly string[],
  on: {
    opened: () => void;
    message: (text: string) => void;
    /** `ended`: it will not come back by itself. */
    failed: (ended: boolean) => void;
  },
) => OpenedStream;

/** All live topics of the page over one stream, because browsers allow few connections to a host. */
export class HttpStream {
  private readonly listeners = new Map<string, Set<TopicListener>>();
  private readonly open: OpenStream;
  private readonly diagnose: () => Promise<FailureData>;
  private stream: OpenedStream | undefined;
  private first: readonly string[] = [];
  private followed = new Set<string>();
  /** Somebody subscribed anew and needs a new snapshot, whether or not the topic is followed. */
  private readonly anew = new Set<string>();
  private isOpen = false;
  private changing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `diagnose` says why a stream was refused, which a stream does not tell. */
  constructor(open: OpenStream, diagnose: () => Promise<FailureData>) {
    this.open = open;
    this.diagnose = diagnose;
  }

  subscribe(address: string, listener: TopicListener): () => void {
    const listeners = this.listeners.get(address) ?? new Set();
    this.listeners.set(address, listeners.add(listener));
    this.anew.add(address);
    this.settleIn(settleMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.listeners.get(address) !== listeners) return;
      this.listeners.delete(address);
      this.settleIn(settleMs);
    };
  }

  private settleIn(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), delayMs);
  }

  /** Brings what the stream follows in step with what is listened to. */
  private settle(): void {
    if (!this.stream || this.listeners.size === 0) this.renew();
    else if (this.isOpen && !this.changing) void this.change(this.stream);
  }

  private renew(): void {
    this.stream?.close();
    this.stream = undefined;
    this.isOpen = false;
    if (this.listeners.size === 0) return;
    this.first = [...this.listeners.keys()];
    this.followed = new Set(this.first);
    this.anew.clear();
    const stream = this.open(this.first, {
      opened: () => this.opened(),
      message: (text) => this.deliver(text),
      failed: (ended) => this.interrupted(ended),
    });
    this.stream = stream;
  }

  private async change(stream: OpenedStream): Promise<void> {
    const wanted = [...this.listeners.keys()];
    const follow = wanted.filter((address) => this.anew.has(address) || !this.followed.has(address));
    const leave = [...this.followed].filter((address) => !this.listeners.has(address));
    if (follow.length === 0 && leave.length === 0) return;
    this.changing = true;
    this.anew.clear();
    this.followed = new Set(wanted);
    const changed = await stream.change({ follow, leave });
    this.changing = false;
    // What ended meanwhile comes back in its own time.
    if (!this.stream) return;
    if (!changed && this.isOpen && this.stream === stream) this.renew();
    else this.settle();
  }

  /** Restored by itself, it follows its first topics again and nothing else. */
  private opened(): void {
    if (!this.isOpen) this.followed = new Set(this.first);
    this.isOpen = true;
    this.settle();
  }

  private deliver(text: string): void {
    const parsed = topicMessageSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    for (const listener of this.listeners.get(parsed.data.topic) ?? []) listener.message(parsed.data);
  }

  private interrupted(ended: boolean): void {
    this.isOpen = false;
    if (!ended) {
      this.tell(broken);
      return;
    }
    this.stream = undefined;
    this.settleIn(retryMs);
    void this.diagnose().then((failure) => this.tell(failure));
  }

  private tell(failure: FailureData): void {
    for (const listeners of this.listeners.values()) {
      for (const listener of listeners) listener.interrupted(failure);
    }
  }
}
