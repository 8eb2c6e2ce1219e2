/** Gives the newest event below a sequence, or undefined where there is none. */
export type Probe = (before: number) => Promise<{ sequence: number; time: number } | undefined>;

/**
 * Finds the sequence below which every event was received at or before a time, by halving between `oldest` and `newest`;
 * sequences grow with the time of receipt. Asks at most about log2(newest - oldest) times.
 */
export async function findSequenceAfter(
  time: number,
  range: { oldest: number; newest: number },
  probe: Probe,
): Promise<number> {
  let low = range.oldest;
  let high = range.newest + 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const event = await probe(middle);
    if (!event || event.time <= time) low = middle;
    else high = event.sequence;
  }
  return low;
}
