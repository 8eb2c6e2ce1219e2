/** A seeded source of choices, so that a playground can be replayed. */
export interface Random {
  next(): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  /** An independent stream, so that one consumer does not disturb another. */
  fork(): Random;
}

/** Creates a small seeded generator: the same seed gives the same sequence. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new Error("cannot pick from an empty list");
      return items[integer(0, items.length - 1)] as T;
    },
    chance: (probability) => next() < probability,
    fork: () => createRandom(integer(1, 0xffffffff)),
  };
}
