import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { Failure, type TopicMessage } from "../../shared/contract/index.ts";
import type { EventHub } from "./event-hub.ts";
import { MessageQueue } from "./message-queue.ts";

const mostTopics = 32;
const names = z.array(z.string()).max(mostTopics).default([]);
const changeSchema = z.object({ follow: names, leave: names });

/** The open streams of server-sent events. */
export class TopicStreams {
  private readonly named = new Map<string, FollowedTopics>();

  constructor(private readonly hub: EventHub) {}

  /**
   * `GET /api/stream?topics=a,b`: the live topics as server-sent events, each `data` one TopicMessage.
   * With `&id=…`, a text that only the caller knows, its topics can be changed while it is open.
   */
  open(context: Context): Response {
    const id = context.req.query("id");
    const queue = new MessageQueue<TopicMessage | undefined>();
    const topics = new FollowedTopics(this.hub, (message) => queue.push(message));
    const asked = (context.req.query("topics") ?? "").split(",").filter(Boolean);
    if (asked.length === 0) throw wrongNumber();
    try {
      topics.follow(asked);
    } catch (error) {
      topics.close();
      throw error;
    }
    if (id) this.named.set(id, topics);
    return streamSSE(context, async (stream) => {
      stream.onAbort(() => queue.close());
      const beat = setInterval(() => queue.push(undefined), 15_000);
      try {
        for await (const message of queue) {
          if (message) await stream.writeSSE({ data: JSON.stringify(message) });
          else await stream.write(": alive\n\n");
        }
      } finally {
        clearInterval(beat);
        topics.close();
        if (id && this.named.get(id) === topics) this.named.delete(id);
      }
    });
  }

  /** `POST /api/stream/{id}` with topics to `follow`, each from a new snapshot, and to `leave`. Throws `not_found` when it is not open. */
  change(id: string, body: unknown): void {
    const topics = this.named.get(id);
    if (!topics) throw new Failure({ code: "not_found", message: "There is no open stream of this id." });
    const change = changeSchema.safeParse(body);
    if (!change.success) throw wrongNumber();
    topics.leave(change.data.leave);
    topics.follow(change.data.follow);
  }
}

/** What one stream follows. */
class FollowedTopics {
  private readonly ends = new Map<string, () => void>();

  constructor(
    private readonly hub: EventHub,
    private readonly send: (message: TopicMessage) => void,
  ) {}

  /** Follows topics, anew where they are followed already. Throws `invalid_input` or `not_found`; the topics before that one are followed. */
  follow(addresses: readonly string[]): void {
    this.leave(addresses);
    for (const address of addresses) {
      if (this.ends.size >= mostTopics) throw wrongNumber();
      if (!this.ends.has(address)) this.ends.set(address, this.hub.subscribe(address, this.send));
    }
  }

  leave(addresses: readonly string[]): void {
    for (const address of addresses) {
      this.ends.get(address)?.();
      this.ends.delete(address);
    }
  }

  close(): void {
    this.leave([...this.ends.keys()]);
  }
}

function wrongNumber(): Failure {
  const message = `topics: a stream follows 1 to ${mostTopics} topics, named by their addresses.`;
  return new Failure({ code: "invalid_input", message });
}
