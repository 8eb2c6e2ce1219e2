/** What is left of a frame; `first` and `mask` begin each message that is made of it, and a raw one is passed on as it came. */
interface Frame {
  left: number;
  first: number;
  mask: Buffer | undefined;
  isRaw: boolean;
}

const nothing = Buffer.alloc(0);
/** A header is at most so long: two bytes, the length in eight, the mask in four. */
const longestHeader = 14;
const textOrBinary: ReadonlySet<number> = new Set([1, 2]);

/**
 * Makes a whole websocket message of each piece of one, as the bytes come. Where messages begin and end means nothing
 * between Flux ends (flux-rpc §1.6), while a library that waits for the end of one keeps all of it, and can only end the
 * connection where that is too much. What is no frame is passed on as it is: to refuse it is left to the library.
 */
export class FrameSplitter {
  /** Of a header that has not come whole. */
  #header = nothing;
  #frame: Frame | undefined;
  /** What the message consists of whose last frame has not come; 0 between messages. */
  #opcode = 0;

  /** The same bytes, framed anew; nothing but the begin of a header is kept back. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    for (let rest = chunk; rest.length > 0; )
      rest = this.#frame ? this.#payload(this.#frame, rest, out) : this.#takeHeader(rest, out);
    return out;
  }

  #takeHeader(bytes: Buffer, out: Buffer[]): Buffer {
    const seen = Buffer.concat([this.#header, bytes.subarray(0, longestHeader)]);
    const length = headerLength(seen);
    if (length === undefined || seen.length < length) {
      this.#header = seen;
      return nothing;
    }
    const used = length - this.#header.length;
    this.#header = nothing;
    this.#begin(seen.subarray(0, length), out);
    return bytes.subarray(used);
  }

  #begin(header: Buffer, out: Buffer[]): void {
    const first = header.readUInt8(0);
    const left = payloadLength(header);
    const opcode = this.#opcodeOf(first);
    const isRaw = !textOrBinary.has(opcode) || left > Number.MAX_SAFE_INTEGER;
    const mask = isMasked(header) ? header.subarray(-4) : undefined;
    const frame = { left, first: fin | (first & reserved) | opcode, mask, isRaw };
    if (isRaw) out.push(header);
    else if (left === 0) out.push(newHeader(frame, 0));
    this.#frame = left === 0 ? undefined : frame;
  }

  /** Of a frame that goes on, what the message began with. */
  #opcodeOf(first: number): number {
    const own = first & 0x0f;
    if (own !== 0 && !textOrBinary.has(own)) return own;
    const opcode = own === 0 ? this.#opcode : own;
    this.#opcode = (first & fin) === 0 ? opcode : 0;
    return opcode;
  }

  #payload(frame: Frame, bytes: Buffer, out: Buffer[]): Buffer {
    const piece = bytes.subarray(0, frame.left);
    if (!frame.isRaw) out.push(newHeader(frame, piece.length));
    out.push(piece);
    frame.left -= piece.length;
    frame.mask = frame.mask && rotated(frame.mask, piece.length);
    if (frame.left === 0) this.#frame = undefined;
    return bytes.subarray(piece.length);
  }
}

const fin = 0x80;
const reserved = 0x70;

function isMasked(header: Buffer): boolean {
  return (header.readUInt8(1) & 0x80) !== 0;
}

/** Undefined where too little of it has come. */
function headerLength(seen: Buffer): number | undefined {
  if (seen.length < 2) return undefined;
  const short = seen.readUInt8(1) & 0x7f;
  return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (isMasked(seen) ? 4 : 0);
}

function payloadLength(header: Buffer): number {
  const short = header.readUInt8(1) & 0x7f;
  if (short === 127) return Number(header.readBigUInt64BE(2));
  return short === 126 ? header.readUInt16BE(2) : short;
}

function newHeader({ first, mask = nothing }: Frame, length: number): Buffer {
  const masked = mask.length > 0 ? 0x80 : 0;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(first, 0);
  head.writeUInt8(masked | (length < 126 ? length : length < 65_536 ? 126 : 127), 1);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, mask]);
}

/** The mask as it stands for what follows so many bytes. */
function rotated(mask: Buffer, by: number): Buffer {
  return Buffer.concat([mask.subarray(by % 4), mask.subarray(0, by % 4)]);
}
