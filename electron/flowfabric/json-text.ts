const stringOrLargeInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** Parses JSON whose integers may exceed what a number holds: those become decimal text. Throws a SyntaxError. */
export function parseWithLargeIntegers(text: string): unknown {
  return JSON.parse(
    text.replace(stringOrLargeInteger, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
}
