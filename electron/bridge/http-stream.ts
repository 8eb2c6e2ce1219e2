import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { asFailure, Failure, type TopicMessage } from "../../shared/contract/index.ts";
import type { EventHub } from "./event-hub.ts";

/** Messages a slow reader may fall behind before its stream is cut; it subscribes again and gets a snapshot. */
const mostWaiting = 400;

/** `GET /api/stream?topics=a,b`: the live topics as server-sent events, each `data` one TopicMessage. */
export function topicStream(context: Context, hub: EventHub): Response {
  const names = (context.req.query("topics") ?? "").split(",").filter(Boolean);
  if (names.length === 0 || names.length > 32) {
    throw new Failure({ code: "invalid_input", message: "topics: name 1 to 32 topics, joined by commas." });
  }
  const queue = new MessageQueue();
  const ends: (() => void)[] = [];
  try {
    for (const name of names) ends.push(hub.subscribe(name, (message) => queue.push(message)));
  } catch (error) {
    for (const end of ends) end();
    throw asFailure(error);
  }
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
      for (const end of ends) end();
    }
  });
}

class MessageQueue implements AsyncIterable<TopicMessage | undefined> {
  private readonly waiting: (TopicMessage | undefined)[] = [];
  private wake: () => void = () => undefined;
  private closed = false;

  push(message: TopicMessage | undefined): void {
    this.waiting.push(message);
    if (this.waiting.length > mostWaiting) this.closed = true;
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TopicMessage | undefined> {
    while (!this.closed) {
      if (this.waiting.length === 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      while (!this.closed && this.waiting.length > 0) yield this.waiting.shift();
    }
  }
}
