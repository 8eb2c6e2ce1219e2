/** Reads JSON objects from bytes that come in any pieces; knows when they stop being JSON (flux-rpc §1.6, §6.1). */
export class JsonObjects {
  #bytes: Buffer = Buffer.alloc(0);

  /** All objects that are complete; `broken` when what follows can never become one. */
  add(bytes: Buffer): { objects: unknown[]; broken: boolean } {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const objects: unknown[] = [];
    for (;;) {
      const end = endOfObject(this.#bytes);
      if (end === "broken") return { objects, broken: true };
      if (end === undefined) return { objects, broken: false };
      try {
        objects.push(JSON.parse(this.#bytes.subarray(0, end).toString("utf8")));
      } catch {
        return { objects, broken: true };
      }
      this.#bytes = this.#bytes.subarray(end);
    }
  }
}

/** Where the first object ends; all marks that matter are single bytes in UTF-8. */
function endOfObject(bytes: Buffer): number | "broken" | undefined {
  const text = bytes.toString("latin1");
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  if (text[start] !== "{") return "broken";
  // A whole string, the beginning of one that goes on, or a bracket.
  const marks = /"(?:[^"\\]|\\.)*"|"|[{}[\]]/gs;
  let depth = 0;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    const [mark] = found;
    if (mark === '"') return undefined;
    if ("{[".includes(mark)) depth += 1;
    else if ("}]".includes(mark)) depth -= 1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}
