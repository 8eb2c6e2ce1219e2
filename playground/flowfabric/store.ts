import { setTimeout as sleep } from "node:timers/promises";
import { type Reply, refuse } from "./reply.ts";

/** Hung: it takes calls and carries them out when it wakes up; empty: it came back without data and functions. */
export type StoreState = "up" | "hung" | "gone" | "empty";

/** What a route asks of the store, as the labels of its errors call it: a reading before the change, and the change. */
export interface StoreCalls {
  reads?: string;
  writes?: string;
}

/** The Valkey behind the simulated server, with what can become of it (flowfabric-admin §1.5). */
export class Store {
  /** The server gives a call up after so long, without taking it back. */
  callTimeoutMilliseconds = 5_000;
  #state: StoreState = "up";
  #received: (() => unknown)[] = [];

  get state(): StoreState {
    return this.#state;
  }

  /** What a hung store had received is carried out when it answers again. */
  become(state: StoreState): void {
    const received = this.#state === "hung" && state === "up" ? this.#received : [];
    if (state !== "hung") this.#received = [];
    this.#state = state;
    for (const perform of received) void Promise.resolve(perform()).catch(() => undefined);
  }

  /** Carries a request out, or fails as its first call to the store does. */
  async perform({ reads, writes }: StoreCalls, handle: () => Reply | Promise<Reply>): Promise<Reply> {
    if (this.#state === "empty" && writes) throw failed(writes, missingFunctions);
    const first = reads ?? writes;
    if (this.#state === "up" || this.#state === "empty" || first === undefined) return handle();
    await this.#giveUp(reads === undefined ? async () => handle() : undefined);
    throw failed(first, timedOut);
  }

  /** One call of many; answers why it brought no success. */
  async problemOf(call: () => Promise<unknown>): Promise<string | undefined> {
    if (this.#state === "empty") return `transport (valkey): ${missingFunctions}`;
    if (this.#state === "up") return undefined;
    await this.#giveUp(call);
    return `transport (valkey): ${timedOut}`;
  }

  async #giveUp(call: (() => Promise<unknown>) | undefined): Promise<void> {
    if (call && this.#state === "hung") this.#received.push(call);
    await sleep(this.callTimeoutMilliseconds);
  }
}

const timedOut = "valkey: timed out";
const missingFunctions = "valkey: server error - ResponseError: Function not found";

function failed(label: string, text: string): Error {
  return refuse(500, `engine: ${label}: transport (valkey): ${text}`, { retryable: true });
}
