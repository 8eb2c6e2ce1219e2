import type { AuctionReply } from "../../../shared/lattice/auction-operations.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import { Emitter } from "../../upstream/emitter.ts";
import type { RowChanges } from "../inventory/live-inventory.ts";

const keyOf = latticeTopics["lattice.auctions"].key;

const mostReplies = 10_000;

/** The answers to the auctions of one lattice that are still open; the answers of one that is over are its result. */
export class RecentAuctions {
  readonly #replies = new Map<string, AuctionReply>();
  readonly #listeners: Emitter<[RowChanges<AuctionReply>]>;

  constructor(onError: (error: unknown) => void) {
    this.#listeners = new Emitter(onError);
  }

  rows(): AuctionReply[] {
    return [...this.#replies.values()];
  }

  put(reply: AuctionReply): void {
    const key = keyOf(reply);
    if (this.#replies.size >= mostReplies && !this.#replies.has(key)) return;
    this.#replies.set(key, reply);
    this.#listeners.emit({ upsert: [reply], remove: [] });
  }

  /** Forgets an auction that is over. */
  clear(auctionId: string): void {
    const over = this.rows().filter((reply) => reply.auctionId === auctionId);
    const remove = over.map(keyOf);
    for (const key of remove) this.#replies.delete(key);
    if (remove.length > 0) this.#listeners.emit({ upsert: [], remove });
  }

  /** Calls back with each change; returns what ends it. */
  onChange(listener: (changes: RowChanges<AuctionReply>) => void): () => void {
    return this.#listeners.on(listener);
  }
}
