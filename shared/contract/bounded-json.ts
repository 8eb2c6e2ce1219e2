/** Deeper than anything that is sent on purpose, and far from where recursion over a value ends a stack. */
const deepest = 200;

/**
 * Parses JSON from outside. What is nested too deeply throws a SyntaxError like what is no JSON: JSON.parse itself takes a
 * million levels, but whatever later walks through the value, such as JSON.stringify, would fail in the middle of its work.
 */
export function parseBoundedJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError("it is nested too deeply");
  return JSON.parse(text);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfJsonString(text, at);
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === closeBracket || code === closeBrace) depth -= 1;
  }
  return false;
}

/**
 * The place of the quote that ends the string which begins at `start`, or the end of the text where there is none. Most of a
 * message is strings, so they are jumped over.
 */
export function endOfJsonString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

const quote = 34;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
