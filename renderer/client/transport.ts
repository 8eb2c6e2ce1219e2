import type { CallOptions, FailureData, TopicMessage } from "../../shared/contract/index.ts";

/** What the main process answers; a failure is data, never an exception. */
export type Reply = { ok: true; output: unknown } | { ok: false; failure: FailureData };

/** What the owner of a subscription hears. */
export interface TopicListener {
  message(message: TopicMessage): void;
  /** The way to the console broke; the transport restores it by itself and a snapshot follows. */
  interrupted(reason: string): void;
}

/** Moves calls and topic messages between the renderer and the console; knows no operation and no row. */
export interface Transport {
  readonly platform: string;
  call(name: string, input: unknown, options?: CallOptions): Promise<Reply>;
  /** Subscribing anew to the same address always brings a new snapshot. */
  subscribe(address: string, listener: TopicListener): () => void;
}
