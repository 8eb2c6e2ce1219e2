/** How often a property over hostile messages is tried, and from which seed; `npm run fuzz` sets both. */
export function hostileRuns(usual: number): { numRuns: number; seed: number; endOnFailure: true } {
  const { SWITCHYARD_FUZZ_RUNS: runs, SWITCHYARD_FUZZ_SEED: seed } = process.env;
  return { numRuns: Number(runs ?? usual), seed: Number(seed ?? 20_261_129), endOnFailure: true };
}

/** A text that was damaged on its way: cut off, with bytes lost, doubled or turned; the same for the same seed. */
export function damagedText(text: string, seed: number): string {
  const bytes = Buffer.from(text);
  const at = (part: number): number =>
    bytes.length === 0 ? 0 : Math.floor(part * bytes.length) % bytes.length;
  const place = at(((seed >>> 3) % 10_007) / 10_007);
  const length = 1 + ((seed >>> 5) % 40);
  switch (seed % 5) {
    case 0:
      return bytes.subarray(0, place).toString("utf8");
    case 1:
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]).toString("utf8");
    case 2:
      return Buffer.concat([bytes, bytes.subarray(place, place + length)]).toString("utf8");
    case 3:
      return `${bytes.subarray(0, place).toString("utf8")}\u0000\ud800${"[".repeat(length)}${bytes.subarray(place).toString("utf8")}`;
    default:
      if (bytes.length > 0) bytes[place] = (bytes[place] as number) ^ (1 << ((seed >>> 7) % 8));
      return bytes.toString("utf8");
  }
}
