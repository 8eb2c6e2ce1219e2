import type { Random } from "../kit/random.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function digits(value: number, length: number): string {
  let rest = value;
  let text = "";
  for (let index = 0; index < length; index += 1) {
    text = (alphabet[rest % 32] ?? "0") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Makes ULIDs: 26 characters that sort by time of making, also within one millisecond. */
export class UlidMaker {
  readonly #random: Random;
  #last = 0;
  #counter = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(at: number): string {
    this.#counter = at <= this.#last ? this.#counter + 1 : this.#random.integer(0, 1_000);
    this.#last = Math.max(this.#last, at);
    const tail =
      digits(this.#counter, 6) +
      digits(this.#random.integer(0, 2 ** 30), 6) +
      digits(this.#random.integer(0, 1023), 4);
    return digits(this.#last, 10) + tail;
  }
}
