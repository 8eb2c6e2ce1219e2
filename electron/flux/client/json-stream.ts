import { StringDecoder } from "node:string_decoder";

/** So many pieces of an object are joined at a time, so that single bytes do not cost a place in a list each. */
const piecesJoined = 1_024;

/** Characters of an object that is too long which are told of it. */
const headLength = 200;

/** An object has more characters than are passed over. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** How an object begins that has more characters than are kept. It is told once, and the rest of it is passed over. */
export interface Oversized {
  head: string;
}

/** Cuts a stream of bytes into the JSON objects in it, wherever the pieces begin and end (flux-rpc §1.6). */
export class JsonStream {
  readonly #decoder = new StringDecoder("utf8");
  readonly #maxLength: number;
  readonly #maxSkipped: number;
  /** What came of the object so far. Each character is looked at once, and copied a fixed number of times. */
  #blocks: string[] = [];
  #pieces: string[] = [];
  #length = 0;
  #isOversized = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** `maxLength`: characters of one object that are kept; `maxSkipped`: those that one may have at all. */
  constructor(maxLength: number, maxSkipped: number = maxLength) {
    this.#maxLength = maxLength;
    this.#maxSkipped = maxSkipped;
  }

  /** The objects that are complete now, as text. Throws an Error for bytes that begin no object, or for one that does not end. */
  push(bytes: Buffer): (string | Oversized)[] {
    const text = this.#decoder.write(bytes);
    const found: (string | Oversized)[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (!this.#take(text.charCodeAt(at))) continue;
      this.#keep(text.slice(start, at + 1), found);
      if (!this.#isOversized) found.push(this.#joined());
      this.#forget();
      this.#length = 0;
      this.#isOversized = false;
      start = at + 1;
    }
    // Blanks between objects are nobody's.
    if (this.#depth > 0) this.#keep(start === 0 ? text : text.slice(start), found);
    return found;
  }

  #keep(piece: string, found: (string | Oversized)[]): void {
    this.#length += piece.length;
    if (this.#length > this.#maxSkipped) throw new TooLarge("an object is longer than allowed");
    if (this.#isOversized) return;
    this.#pieces.push(piece);
    if (this.#length > this.#maxLength) {
      this.#isOversized = true;
      found.push({ head: this.#head() });
      this.#forget();
      return;
    }
    if (this.#pieces.length < piecesJoined) return;
    this.#blocks.push(this.#pieces.join(""));
    this.#pieces = [];
  }

  #joined(): string {
    return [...this.#blocks, ...this.#pieces].join("").trimStart();
  }

  #head(): string {
    let head = "";
    for (const piece of [...this.#blocks, ...this.#pieces]) {
      head = (head + piece).trimStart();
      if (head.length >= headLength) break;
    }
    return head.slice(0, headLength);
  }

  #forget(): void {
    this.#blocks = [];
    this.#pieces = [];
  }

  /** Whether this character ends an object. */
  #take(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === backslash) this.#escaped = true;
      else if (code === quote) this.#inString = false;
      return false;
    }
    if (this.#depth === 0 && !mayStandBetween(code)) throw new Error("bytes between objects are not JSON");
    if (code === quote) this.#inString = true;
    else if (code === openBrace || code === openBracket) this.#depth++;
    else if (code === closeBrace || code === closeBracket) return --this.#depth === 0;
    return false;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** White space, and what begins the next object. */
function mayStandBetween(code: number): boolean {
  return code === openBrace || code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
