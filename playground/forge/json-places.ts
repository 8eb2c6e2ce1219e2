/** A place in a text as the server's parser counts: lines and columns from 1, column 0 before the first character. */
export function placeText(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `line ${line} column ${offset - (before.lastIndexOf("\n") + 1)}`;
}

/** Where the first value of a text ends, as the offset behind it. */
export function endOfValue(text: string, start = 0): number {
  const first = skipBlanks(text, start);
  const opening = text[first];
  if (opening === '"') return endOfString(text, first);
  if (opening !== "{" && opening !== "[")
    return first + (/^[^\s,\]}]*/.exec(text.slice(first))?.[0].length ?? 0);
  let depth = 0;
  for (let at = first; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at) - 1;
    else if (text[at] === "{" || text[at] === "[") depth += 1;
    else if (text[at] === "}" || text[at] === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Where the member of a path ends in a well-formed text; an empty path is the whole value. */
export function endOfMember(text: string, path: readonly string[]): number {
  let start = 0;
  for (const name of path) start = startOfMember(text, start, name);
  return endOfValue(text, start);
}

function startOfMember(text: string, object: number, wanted: string): number {
  const end = endOfValue(text, object);
  let found = object;
  for (let at = skipBlanks(text, object) + 1; at < end; ) {
    at = skipBlanks(text, at);
    if (text[at] !== '"') break;
    const afterName = endOfString(text, at);
    const name = JSON.parse(text.slice(at, afterName)) as string;
    const value = skipBlanks(text, text.indexOf(":", afterName) + 1);
    if (name === wanted) found = value;
    at = skipBlanks(text, endOfValue(text, value)) + 1;
  }
  return found;
}

export function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text[at] as string)) at += 1;
  return at;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
