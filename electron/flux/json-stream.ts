import { StringDecoder } from "node:string_decoder";

/** So many pieces of an object are joined at a time, so that single bytes do not cost a place in a list each. */
const piecesJoined = 1_024;

/** An object has more characters than allowed. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** Cuts a stream of bytes into the JSON objects in it, wherever the pieces begin and end (flux-rpc §1.6). */
export class JsonStream {
  readonly #decoder = new StringDecoder("utf8");
  readonly #maxLength: number;
  /** What came of the object so far. Each character is looked at once, and copied a fixed number of times. */
  #blocks: string[] = [];
  #pieces: string[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** `maxLength`: characters that one object may have. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The objects that are complete now, as text. Throws an Error for bytes that begin no object, or one that is too long. */
  push(bytes: Buffer): string[] {
    const text = this.#decoder.write(bytes);
    const found: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (!this.#take(text.charCodeAt(at))) continue;
      this.#keep(text.slice(start, at + 1));
      found.push(this.#joined());
      start = at + 1;
    }
    // Blanks between objects are nobody's.
    if (this.#depth > 0) this.#keep(start === 0 ? text : text.slice(start));
    return found;
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length > this.#maxLength) throw new TooLarge("an object is longer than allowed");
    this.#pieces.push(piece);
    if (this.#pieces.length < piecesJoined) return;
    this.#blocks.push(this.#pieces.join(""));
    this.#pieces = [];
  }

  #joined(): string {
    const text = [...this.#blocks, ...this.#pieces].join("").trimStart();
    this.#blocks = [];
    this.#pieces = [];
    this.#length = 0;
    return text;
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
