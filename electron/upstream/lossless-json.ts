import { endOfJsonString, parseBoundedJson } from "../../shared/contract/index.ts";

// Own code: the package `lossless-json` overflows the stack on deep nesting, refuses duplicate keys, and takes 15 s for a
// string of 30 MB. Here each character is visited a fixed number of times, and nothing recurses.

/** From so many digits on, an integer may be beyond what a number holds. */
const largeDigits = 16;

/** Joined at a time, so that millions of short tokens do not each hold a place in one list. */
const piecesJoined = 8_192;

/** Parses JSON; integers of 16 digits or more become decimal text. Throws a SyntaxError. */
export function parseWithLargeIntegers(text: string): unknown {
  // Quotes can make JSON of what is none, such as a number in place of a key.
  const value = parseBoundedJson(text);
  const quoted = quoteLargeIntegers(text);
  return quoted === text ? value : JSON.parse(quoted);
}

/**
 * The member `name` of each object of a list, or of the one object, as indented JSON in which every number, string and
 * duplicate key stands as it was written; `null` where there is none. Throws a SyntaxError.
 */
export function memberTexts(text: string, name: string): string[] {
  parseBoundedJson(text);
  const whole = text.trim();
  const objects = whole.startsWith("[") ? partsOf(whole) : [whole];
  return objects.map((object) => indented(memberOf(object, name) ?? "null"));
}

function quoteLargeIntegers(text: string): string {
  const parts: string[] = [];
  let done = 0;
  eachToken(text, (code, begin, end) => {
    if (code === quote || end - begin < largeDigits || !isLargeInteger(text, begin, end)) return;
    parts.push(text.slice(done, begin), `"${text.slice(begin, end)}"`);
    done = end;
  });
  return done === 0 ? text : parts.concat(text.slice(done)).join("");
}

function isLargeInteger(text: string, begin: number, end: number): boolean {
  const first = text.charCodeAt(begin) === minus ? begin + 1 : begin;
  for (let at = first; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) return false;
  }
  return end - first >= largeDigits;
}

/** The last member of this name counts, as for JSON.parse. */
function memberOf(object: string, name: string): string | undefined {
  if (!object.startsWith("{")) return undefined;
  for (const part of partsOf(object).reverse()) {
    const behindKey = endOfJsonString(part, 0) + 1;
    if (JSON.parse(part.slice(0, behindKey)) === name) return part.slice(part.indexOf(":", behindKey) + 1);
  }
  return undefined;
}

/** What stands between the outer brackets, cut at its commas. */
function partsOf(container: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  const cut = (end: number): void => {
    const part = container.slice(start, end).trim();
    if (part !== "") parts.push(part);
    start = end + 1;
  };
  eachToken(container, (code, begin) => {
    if (isOpening(code)) depth += 1;
    else if (isClosing(code)) {
      depth -= 1;
      if (depth === 0) cut(begin);
    } else if (code === comma && depth === 1) cut(begin);
  });
  return parts;
}

/** As JSON.stringify indents with two blanks; tokens stay as they are. */
function indented(text: string): string {
  const blocks: string[] = [];
  let pieces: string[] = [];
  let depth = 0;
  let justOpened = false;
  eachToken(text, (code, begin, end) => {
    if (isClosing(code)) depth -= 1;
    if (isClosing(code) !== justOpened) pieces.push(lineBreak(depth));
    pieces.push(text.slice(begin, end));
    justOpened = isOpening(code);
    if (justOpened) depth += 1;
    else if (code === comma) pieces.push(lineBreak(depth));
    else if (code === colon) pieces.push(" ");
    if (pieces.length < piecesJoined) return;
    blocks.push(pieces.join(""));
    pieces = [];
  });
  return blocks.concat(pieces).join("");
}

function lineBreak(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}

/** Calls back with each token of valid JSON: its first character, its place, and the place behind it. */
function eachToken(text: string, visit: (code: number, begin: number, end: number) => void): void {
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const begin = at;
    at += 1;
    if (isBlank(code)) continue;
    if (code === quote) at = endOfJsonString(text, begin) + 1;
    else if (!isPunctuation(code)) while (at < text.length && !endsLiteral(text.charCodeAt(at))) at += 1;
    visit(code, begin, at);
  }
}

function endsLiteral(code: number): boolean {
  return isBlank(code) || isPunctuation(code);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isPunctuation(code: number): boolean {
  return code === comma || code === colon || isOpening(code) || isClosing(code);
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
