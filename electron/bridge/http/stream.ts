import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { Failure, type HttpCaller, invalidInput, type TopicMessage } from "../../../shared/contract/index.ts";
import type { EventHub } from "../event-hub.ts";
import { MessageQueue } from "../message-queue.ts";
import type { HttpAccess } from "./access.ts";
import { type HttpContext, readQuery } from "./request.ts";
import { Slots } from "./slots.ts";

const mostStreams = 32;
const mostTopics = 32;
const beatMs = 15_000;
const names = z.array(z.string()).max(mostTopics).default([]);
const changeSchema = z.strictObject({ follow: names, leave: names });

/** The open streams of server-sent events. */
export class TopicStreams {
  private readonly named = new Map<string, FollowedTopics>();
  private readonly slots = new Slots(mostStreams);

  constructor(
    private readonly hub: EventHub,
    private readonly access: HttpAccess,
  ) {}

  /**
   * `GET /api/stream?topics=a,b`: the live topics as server-sent events, each `data` one TopicMessage. It ends at the
   * latest when the caller's token or session does. With `&id=…`, its topics can be changed by the same caller while
   * it is open.
   */
  open(c: HttpContext): Response {
    const { topics: addresses = "", id } = readQuery(c);
    const asked = addresses.split(",").filter(Boolean);
    if (asked.length === 0) throw wrongNumber();
    const ended = new AbortController();
    const onEnd = (undo: () => unknown) => ended.signal.addEventListener("abort", undo);
    const end = () => ended.abort();
    // Whoever is cut off sees that it is, subscribes again, and gets a snapshot.
    const cut = () => {
      end();
      c.env.outgoing?.destroy();
    };
    onEnd(this.slots.take());
    const queue = new MessageQueue<TopicMessage | undefined>();
    onEnd(() => queue.close());
    const push = (message?: TopicMessage) => void (queue.push(message) || cut());
    const beat = setInterval(push, beatMs);
    onEnd(() => clearInterval(beat));
    onEnd(this.access.onEnd(c.var.caller, cut));
    const topics = new FollowedTopics(this.hub, push, ended.signal);
    // A reply that waits for its turn behind another one never hears that it is over; its socket does.
    const socket = c.env.incoming?.socket.once("close", end);
    onEnd(() => socket?.off("close", end));
    try {
      topics.follow(asked);
    } catch (error) {
      end();
      throw error;
    }
    if (id) onEnd(this.name(nameOf(c.var.caller, id), topics));
    const response = streamSSE(c, async (stream) => {
      stream.onAbort(end);
      for await (const message of queue)
        await (message ? stream.writeSSE({ data: JSON.stringify(message) }) : stream.write(": alive\n\n"));
    });
    response.headers.set("Cache-Control", "no-store");
    if (c.req.method === "HEAD") end();
    return response;
  }

  /** `POST /api/stream/{id}` with topics to `follow`, each from a new snapshot, and to `leave`. Throws `not_found` when it is not open. */
  change(caller: HttpCaller, id: string, body: unknown): void {
    const topics = this.named.get(nameOf(caller, id));
    if (!topics) throw new Failure({ code: "not_found", message: "There is no open stream of this id." });
    const change = changeSchema.safeParse(body);
    if (!change.success) throw invalidInput(change.error);
    topics.leave(change.data.leave);
    topics.follow(change.data.follow);
  }

  private name(name: string, topics: FollowedTopics): () => void {
    this.named.set(name, topics);
    return () => {
      if (this.named.get(name) === topics) this.named.delete(name);
    };
  }
}

/** Of each caller its own: nobody changes the stream of another. */
function nameOf(caller: HttpCaller, id: string): string {
  return `${caller.id} ${id}`;
}
/** What one stream follows, until it has ended. */
class FollowedTopics {
  private readonly ends = new Map<string, () => void>();

  constructor(
    private readonly hub: EventHub,
    private readonly send: (message: TopicMessage) => void,
    private readonly ended: AbortSignal,
  ) {
    ended.addEventListener("abort", () => this.leave([...this.ends.keys()]));
  }

  /** Follows topics, anew where they are followed already. Throws `invalid_input` or `not_found`; the topics before that one are followed. */
  follow(addresses: readonly string[]): void {
    this.leave(addresses);
    for (const address of addresses) {
      if (this.ends.size >= mostTopics) throw wrongNumber();
      if (!this.ends.has(address)) this.ends.set(address, this.hub.subscribe(address, this.send));
      // By the snapshot that it was just sent.
      if (this.ended.aborted) this.leave([address]);
    }
  }

  leave(addresses: readonly string[]): void {
    for (const address of addresses) {
      this.ends.get(address)?.();
      this.ends.delete(address);
    }
  }
}

function wrongNumber(): Failure {
  const message = `topics: a stream follows 1 to ${mostTopics} topics, named by their addresses.`;
  return new Failure({ code: "invalid_input", message });
}
