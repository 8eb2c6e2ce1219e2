const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;

/**
 * JSON text with each number in it as `replace` gives it; what stands in texts is left alone. Each character is looked at
 * once, and no stack grows with the length of a text: these may be of many megabytes, and cut anywhere.
 */
export function replaceNumbers(text: string, replace: (token: string) => string): string {
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    else if (code === minus || isDigit(code)) {
      const end = endOfNumber(text, at);
      const token = text.slice(at, end);
      const other = replace(token);
      if (other !== token) {
        parts.push(text.slice(done, at), other);
        done = end;
      }
      at = end;
    } else at++;
  }
  return done === 0 ? text : parts.concat(text.slice(done)).join("");
}

/** Behind the closing quote; the end of all where there is none. */
function endOfText(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    at += code === backslash ? 2 : 1;
  }
  return text.length;
}

function endOfNumber(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && mayBeInNumber(text.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, a point, an exponent and its sign; whether they make a number is not asked. */
function mayBeInNumber(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x65 || code === 0x45 || code === 0x2b || code === minus;
}
