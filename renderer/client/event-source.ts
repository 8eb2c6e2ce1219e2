import type { OpenStream } from "./http-stream.ts";

const retryMs = 3_000;

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** Server-sent events by `fetch`, because the browser's own EventSource cannot carry a token; restored when they break. */
export function eventSourceBy(send: Send): OpenStream {
  return (topics, on) => {
    const id = crypto.randomUUID();
    const ended = new AbortController();
    const path = `/api/stream?topics=${topics.map(encodeURIComponent).join(",")}&id=${id}`;
    void follow(path, { send, on, signal: ended.signal });
    return {
      close: () => ended.abort(),
      change: async (change) => {
        const headers = { "Content-Type": "application/json" };
        const request = { method: "POST", headers, body: JSON.stringify(change), signal: ended.signal };
        const response = await send(`/api/stream/${id}`, request).catch(() => undefined);
        return response?.ok ?? false;
      },
    };
  };
}

interface Following {
  send: Send;
  on: Parameters<OpenStream>[1];
  signal: AbortSignal;
}

/** Follows until it is told to end, or refused. */
async function follow(path: string, { send, on, signal }: Following): Promise<void> {
  while (!signal.aborted) {
    const response = await send(path, { signal, cache: "no-store" }).catch(() => undefined);
    if (signal.aborted) return;
    if (response && !response.ok) return on.failed(true);
    if (response?.body) {
      on.opened();
      await readEvents(response.body, on.message).catch(() => undefined);
      if (signal.aborted) return;
    }
    on.failed(false);
    await pause(retryMs, signal);
  }
}

/** Reads the texts of a stream's events until it ends or breaks. */
async function readEvents(body: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const events = new EventPieces();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const event of events.push(decoder.decode(value, { stream: true }))) {
      const text = textOf(event);
      if (text !== undefined) onText(text);
    }
  }
}

/** Puts events together that a blank line ends. One may be of many megabytes: each character is looked at once. */
class EventPieces {
  private pieces: string[] = [];

  /** The events that this text completes. */
  push(text: string): string[] {
    const parts = `${this.takeLineEnd()}${text}`.split("\n\n");
    const rest = parts.pop() ?? "";
    const [first, ...others] = parts;
    if (first === undefined) {
      this.pieces.push(rest);
      return [];
    }
    const completed = this.pieces.join("") + first;
    this.pieces = [rest];
    return [completed, ...others];
  }

  /** A blank line may begin in one piece and end in the next. */
  private takeLineEnd(): string {
    const last = this.pieces.pop() ?? "";
    if (!last.endsWith("\n")) {
      this.pieces.push(last);
      return "";
    }
    this.pieces.push(last.slice(0, -1));
    return "\n";
  }
}

/** The data of one event; undefined for a comment, which only says that the stream is alive. */
function textOf(event: string): string | undefined {
  const lines = event.split("\n").filter((line) => line.startsWith("data:"));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(line[5] === " " ? 6 : 5)).join("\n");
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
