import {
  Failure,
  formatTopicAddress,
  parseTopicAddress,
  type TopicAddress,
  type TopicDeclaration,
  type TopicMessage,
  type TopicSource,
  type Topics,
} from "../../shared/contract/index.ts";

type Send = (message: TopicMessage) => void;

/** Changes reach a subscriber at most once in this many milliseconds; the first one after a rest goes at once. */
const batchMs = 50;
/** The same for a stream of which rows go by unsent: its reader has to ask the log anyway, and nobody reads that fast. */
const crowdedBatchMs = 200;

/** Fans the changes of each topic out to its subscribers: revisions, batches, bounded streams. */
export class EventHub {
  private readonly channels = new Map<string, Channel>();

  constructor(
    private readonly topics: Topics,
    private readonly sources: Record<string, TopicSource>,
  ) {}

  /** Sends a snapshot at once and batches of changes afterwards; returns what ends it. Throws `invalid_input` or `not_found`. */
  subscribe(addressText: string, send: Send): () => void {
    const { declaration, source, address } = this.resolve(addressText);
    const name = formatTopicAddress(address);
    let channel = this.channels.get(name);
    if (!channel) {
      channel = new Channel(name, declaration, () => source.snapshot(address));
      channel.start((onChange) => source.follow(address, onChange));
      this.channels.set(name, channel);
    }
    const leave = channel.join(send);
    return () => {
      leave();
      if (channel.isEmpty && this.channels.get(name) === channel) {
        this.channels.delete(name);
        channel.stop();
      }
    };
  }

  /** Tells every subscriber that its topic is over, and ends all. */
  close(message: string): void {
    for (const channel of this.channels.values()) channel.close(message);
    this.channels.clear();
  }

  private resolve(text: string): {
    declaration: TopicDeclaration;
    source: TopicSource;
    address: TopicAddress;
  } {
    const address = parseTopicAddress(text);
    if (!address) {
      throw new Failure({
        code: "invalid_input",
        message: `topics: "${text.slice(0, 100)}" is no topic address.`,
      });
    }
    const declaration = Object.hasOwn(this.topics, address.topic) ? this.topics[address.topic] : undefined;
    const source = this.sources[address.topic];
    if (!declaration || !source) {
      throw new Failure({ code: "not_found", message: `There is no topic named ${address.topic}.` });
    }
    if (declaration.scope !== "console" && !address.connectionId) {
      const message = `topics: ${address.topic} belongs to a connection: write ${address.topic}:{connectionId}.`;
      throw new Failure({ code: "invalid_input", message });
    }
    return { declaration, source, address };
  }
}

class Channel {
  private readonly subscribers = new Set<Send>();
  private readonly upserts = new Map<string, unknown>();
  private readonly removes = new Set<string>();
  private skipped = 0;
  private restMs = batchMs;
  private revision = 0;
  private timer: NodeJS.Timeout | undefined;
  /** By the process's own clock, which does not step. */
  private flushedAt = Number.NEGATIVE_INFINITY;
  private unfollow: () => void = () => undefined;

  constructor(
    private readonly name: string,
    private readonly declaration: TopicDeclaration,
    private readonly rows: () => unknown[],
  ) {}

  get isEmpty(): boolean {
    return this.subscribers.size === 0;
  }

  start(
    follow: (onChange: (upsert: readonly unknown[], remove: readonly string[]) => void) => () => void,
  ): void {
    this.unfollow = follow((upsert, remove) => this.take(upsert, remove));
  }

  join(send: Send): () => void {
    // What is pending is part of the snapshot; the others get it first, so that all stand at one revision.
    this.flush();
    send({ kind: "snapshot", topic: this.name, revision: this.revision, rows: this.rows() });
    this.subscribers.add(send);
    return () => this.subscribers.delete(send);
  }

  stop(): void {
    this.unfollow();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  close(message: string): void {
    this.stop();
    for (const send of this.subscribers) send({ kind: "closed", topic: this.name, message });
    this.subscribers.clear();
  }

  private take(upsert: readonly unknown[], remove: readonly string[]): void {
    for (const row of upsert) {
      const key = this.declaration.key(row);
      this.removes.delete(key);
      // Delete first: a changed row moves to the end, and streams drop from the front.
      this.upserts.delete(key);
      this.upserts.set(key, row);
    }
    for (const key of remove) {
      this.upserts.delete(key);
      this.removes.add(key);
    }
    this.bound();
    this.timer ??= setTimeout(() => this.flush(), this.waitMs());
  }

  private waitMs(): number {
    return Math.max(0, this.flushedAt + this.restMs - performance.now());
  }

  /** Whether more comes than usual batches could hold. */
  private isCrowded(): boolean {
    const { newest = Number.POSITIVE_INFINITY } = this.declaration;
    return (this.upserts.size + this.skipped) * (batchMs / this.restMs) > newest;
  }

  private bound(): void {
    const { newest } = this.declaration;
    if (newest === undefined) return;
    for (const key of this.upserts.keys()) {
      if (this.upserts.size <= newest) return;
      this.upserts.delete(key);
      this.skipped++;
    }
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.upserts.size === 0 && this.removes.size === 0) return;
    this.flushedAt = performance.now();
    this.restMs = this.isCrowded() ? crowdedBatchMs : batchMs;
    const message: TopicMessage = {
      kind: "delta",
      topic: this.name,
      revision: ++this.revision,
      upsert: [...this.upserts.values()],
      remove: [...this.removes],
    };
    if (this.skipped > 0) message.skipped = this.skipped;
    this.upserts.clear();
    this.removes.clear();
    this.skipped = 0;
    for (const send of [...this.subscribers]) send(message);
  }
}
