import type { CallOptions, FailureData, Reply, TopicMessage } from "../../shared/contract/index.ts";

/** What the owner of a subscription hears. */
export interface TopicListener {
  message(message: TopicMessage): void;
  /** The way to the console broke; the transport restores it by itself and a snapshot follows. */
  interrupted(failure: FailureData): void;
}

/** Moves calls and topic messages between the renderer and the console; knows no operation and no row. */
export interface Transport {
  readonly platform: string;
  call(name: string, input: unknown, options?: CallOptions): Promise<Reply>;
  /** Subscribing anew to the same address always brings a new snapshot. */
  subscribe(address: string, listener: TopicListener): () => void;
}
