import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * How often a property over hostile messages is tried, and from which seed; `npm run fuzz` sets both. A run that tries
 * several messages counts as so many.
 */
export function hostileRuns(
  usual: number,
  messagesEach = 1,
): { numRuns: number; seed: number; endOnFailure: true } {
  const { SWITCHYARD_FUZZ_RUNS: messages, SWITCHYARD_FUZZ_SEED: seed } = process.env;
  const numRuns = messages === undefined ? usual : Math.ceil(Number(messages) / messagesEach);
  return { numRuns, seed: Number(seed ?? 20_261_129), endOnFailure: true };
}

/** A text that was damaged on its way, as whoever reads it as UTF-8 gets it. */
export function damagedText(text: string, seed: number): string {
  return damagedBytes(Buffer.from(text), seed).toString("utf8");
}

/** Bytes that were damaged on their way: cut off, lost, doubled, put in or turned; the same for the same seed. */
export function damagedBytes(original: Buffer, seed: number): Buffer {
  const bytes = Buffer.from(original);
  const at = (part: number): number =>
    bytes.length === 0 ? 0 : Math.floor(part * bytes.length) % bytes.length;
  const place = at(((seed >>> 3) % 10_007) / 10_007);
  const length = 1 + ((seed >>> 5) % 40);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (seed % 5) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, bytes.subarray(place + length)]);
    case 2:
      return Buffer.concat([bytes, bytes.subarray(place, place + length)]);
    case 3:
      return Buffer.concat([before, Buffer.from(`\u0000\ud800${"[".repeat(length)}`), after]);
    default:
      if (bytes.length > 0) bytes[place] = (bytes[place] as number) ^ (1 << ((seed >>> 7) % 8));
      return bytes;
  }
}

/** Errors that nobody caught from now on; what would end a process, or trouble an operator. */
export function watchUncaught(): { errors: unknown[]; end(): void } {
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  return {
    errors,
    end: () => {
      process.off("uncaughtException", note);
      process.off("unhandledRejection", note);
    },
  };
}

/** Bytes that the process holds on to, buffers included. */
export function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What a property may leave in memory, however often it is tried: far more than what is kept on purpose. */
export const mostLeftInMemory = 150 * 1024 * 1024;
