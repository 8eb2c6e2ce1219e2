const longestLine = 65_536;
const mostElements = 1_000_000;
const deepest = 16;
const largestReply = 32 * 1024 * 1024;

/** How the kinds of replies of RESP2 announce themselves. */
const heads: Record<string, RegExp> = {
  "+": /^/,
  "-": /^/,
  ":": /^-?\d{1,20}$/,
  $: /^(-1|\d{1,9})$/,
  "*": /^(-1|\d{1,7})$/,
};

/**
 * Reads along with the parser of the Valkey client, which believes every length and depth that it is told: it makes lists of
 * any announced size, walks into any depth, and keeps a reply without end.
 */
export class ReplyBounds {
  private line = "";
  /** Bytes of a bulk string, with its line end, that are still to come. */
  private bulk = 0;
  /** How many elements are still to come, of each list that is open. */
  private readonly lists: number[] = [];
  private size = 0;

  /** Takes what has arrived; throws for what no Valkey sends. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const next = this.bulk > 0 ? Math.min(at + this.bulk, chunk.length) : this.endOfLine(chunk, at);
      this.size += next - at;
      if (this.size > largestReply) throw new Error("Protocol error: the reply is too large");
      if (this.bulk > 0) this.takeBulk(next - at);
      else this.takeLine(chunk.toString("latin1", at, next));
      at = next;
    }
  }

  private endOfLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf("\n", at);
    return end < 0 ? chunk.length : end + 1;
  }

  private takeBulk(length: number): void {
    this.bulk -= length;
    if (this.bulk === 0) this.ended();
  }

  private takeLine(part: string): void {
    this.line += part;
    if (this.line.length > longestLine) throw new Error("Protocol error: a line is too long");
    if (!this.line.endsWith("\n")) return;
    const line = this.line;
    this.line = "";
    const text = line.slice(1, -2);
    if (!line.endsWith("\r\n") || !heads[line.charAt(0)]?.test(text) || text.includes("\r"))
      throw new Error("Protocol error: this is no reply of Valkey");
    this.begin(line.charAt(0), Number(text));
  }

  private begin(kind: string, length: number): void {
    if (kind === "$" && length >= 0) this.bulk = length + 2;
    else if (kind === "*" && length > 0) this.open(length);
    else this.ended();
  }

  private open(length: number): void {
    if (length > mostElements || this.lists.length >= deepest)
      throw new Error("Protocol error: the list is too long or too deep");
    this.lists.push(length);
  }

  /** One value is through; it may be the last one of the lists that it is in. */
  private ended(): void {
    for (let left = this.lists.pop(); left !== undefined; left = this.lists.pop()) {
      if (left > 1) {
        this.lists.push(left - 1);
        return;
      }
    }
    this.size = 0;
  }
}
