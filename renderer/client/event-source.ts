import { EventSourceParserStream } from "eventsource-parser/stream";
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
      await readEvents(response.body, { onText: on.message, signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    on.failed(false);
    await pause(retryMs, signal);
  }
}

/** Reads the texts of a stream's events until it ends or breaks. */
function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onText, signal }: { onText: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  return body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .pipeTo(new WritableStream({ write: ({ data }) => onText(data) }), { signal });
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
