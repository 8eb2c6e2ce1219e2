import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into the JSON objects in it, wherever the pieces begin and end (flux-rpc §1.6). */
export class JsonStream {
  readonly #decoder = new StringDecoder("utf8");
  readonly #maxLength: number;
  #text = "";
  #scanned = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** `maxLength`: characters that one object may have. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The objects that are complete now, as text. Throws an Error for bytes that begin no object, or one that is too long. */
  push(bytes: Buffer): string[] {
    this.#text += this.#decoder.write(bytes);
    const found: string[] = [];
    let start = 0;
    for (; this.#scanned < this.#text.length; this.#scanned++) {
      if (!this.#take(this.#text.charCodeAt(this.#scanned))) continue;
      found.push(this.#text.slice(start, this.#scanned + 1).trimStart());
      start = this.#scanned + 1;
    }
    this.#text = this.#text.slice(start);
    this.#scanned = this.#text.length;
    if (this.#text.length > this.#maxLength) throw new Error("an object is longer than allowed");
    return found;
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
