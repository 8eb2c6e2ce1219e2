import { type FailureData, topicMessageSchema } from "../../shared/contract/index.ts";
import type { TopicListener } from "./transport.ts";

/** Topics change in bursts while a page mounts; one stream is made for all of them. */
const settleMs = 30;
const retryMs = 2_000;

const broken: FailureData = {
  code: "unreachable",
  message: "The live stream of the console was interrupted.",
  hint: "It is restored by itself as soon as the console answers.",
};

/** Opens one event stream; `failed(true)` says that it will not come back by itself. Returns what closes it. */
export type OpenStream = (
  url: string,
  on: { message: (text: string) => void; failed: (ended: boolean) => void },
) => () => void;

/** Opens a stream of server-sent events of the same origin; the browser itself restores a broken one. */
export const openEventSource: OpenStream = (url, on) => {
  const source = new EventSource(url);
  source.onmessage = (event: MessageEvent<string>) => on.message(event.data);
  source.onerror = () => on.failed(source.readyState === EventSource.CLOSED);
  return () => source.close();
};

/** All live topics of the page over one event stream, because browsers allow few connections to a host. */
export class HttpStream {
  private readonly listeners = new Map<string, Set<TopicListener>>();
  private readonly open: OpenStream;
  private readonly diagnose: () => Promise<FailureData>;
  private close: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `diagnose` says why a stream was refused, which the browser does not tell. */
  constructor(open: OpenStream, diagnose: () => Promise<FailureData>) {
    this.open = open;
    this.diagnose = diagnose;
  }

  subscribe(address: string, listener: TopicListener): () => void {
    const listeners = this.listeners.get(address) ?? new Set();
    this.listeners.set(address, listeners.add(listener));
    this.renewIn(settleMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.listeners.delete(address);
      this.renewIn(settleMs);
    };
  }

  private renewIn(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.renew(), delayMs);
  }

  private renew(): void {
    this.close?.();
    this.close = undefined;
    if (this.listeners.size === 0) return;
    const topics = [...this.listeners.keys()].map(encodeURIComponent).join(",");
    this.close = this.open(`/api/stream?topics=${topics}`, {
      message: (text) => this.deliver(text),
      failed: (ended) => this.interrupted(ended),
    });
  }

  private deliver(text: string): void {
    const parsed = topicMessageSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    for (const listener of this.listeners.get(parsed.data.topic) ?? []) listener.message(parsed.data);
  }

  private interrupted(ended: boolean): void {
    if (!ended) {
      this.tell(broken);
      return;
    }
    this.renewIn(retryMs);
    void this.diagnose().then((failure) => this.tell(failure));
  }

  private tell(failure: FailureData): void {
    for (const listeners of this.listeners.values()) {
      for (const listener of listeners) listener.interrupted(failure);
    }
  }
}
