import type { ServerResponse } from "node:http";
import { z } from "zod";
import { Failure, type HttpCaller, invalidInput, type TopicMessage } from "../../shared/contract/index.ts";
import type { EventHub } from "./event-hub.ts";
import type { HttpAccess } from "./http-access.ts";
import type { Exchange } from "./http-exchange.ts";
import { protectiveHeaders } from "./http-reply.ts";
import { MessageQueue } from "./message-queue.ts";

const mostTopics = 32;
const beatMs = 15_000;
const streamHeaders = [
  "Content-Type",
  "text/event-stream",
  "Cache-Control",
  "no-store",
  ...protectiveHeaders,
];
const names = z.array(z.string()).max(mostTopics).default([]);
const changeSchema = z.strictObject({ follow: names, leave: names });

/** The open streams of server-sent events. */
export class TopicStreams {
  private readonly named = new Map<string, FollowedTopics>();

  constructor(
    private readonly hub: EventHub,
    private readonly access: HttpAccess,
  ) {}

  /**
   * `GET /api/stream?topics=a,b`: the live topics as server-sent events, each `data` one TopicMessage; returns when it
   * is over, at the latest when the caller's token or session is. With `&id=…`, its topics can be changed by the same
   * caller while it is open.
   */
  async open({ request, response, query, caller }: Exchange): Promise<void> {
    const asked = (query.topics ?? "").split(",").filter(Boolean);
    if (asked.length === 0) throw wrongNumber();
    const queue = new MessageQueue<TopicMessage | undefined>();
    // Who is too slow is cut off, subscribes again and gets a snapshot.
    const push = (message?: TopicMessage) => queue.push(message) || response.destroy();
    const topics = new FollowedTopics(this.hub, push);
    const beat = setInterval(push, beatMs);
    response.once("close", () => queue.close());
    const named = query.id ? nameOf(caller, query.id) : undefined;
    const release = this.access.onEnd(caller, () => response.destroy());
    try {
      topics.follow(asked);
      if (named) this.named.set(named, topics);
      response.writeHead(200, streamHeaders);
      if (request.method === "HEAD") response.end();
      else await write(response, queue);
    } finally {
      clearInterval(beat);
      release();
      topics.close();
      if (named && this.named.get(named) === topics) this.named.delete(named);
    }
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
}

/** Of each caller its own: nobody changes the stream of another. */
function nameOf(caller: HttpCaller, id: string): string {
  return `${caller.id} ${id}`;
}

/** Writes what comes, no faster than it is read, until the queue is closed. */
async function write(
  response: ServerResponse,
  queue: AsyncIterable<TopicMessage | undefined>,
): Promise<void> {
  for await (const message of queue) {
    const taken = response.write(message ? `data: ${JSON.stringify(message)}\n\n` : ": alive\n\n");
    if (!taken && !response.destroyed) await drained(response);
  }
}

/** Resolves when more can be written, or nothing any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
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
