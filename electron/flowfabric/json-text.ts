const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const largeInteger = /^-?\d{16,}$/;

/** Parses JSON whose integers may exceed what a number holds: those become decimal text. Throws a SyntaxError. */
export function parseWithLargeIntegers(text: string): unknown {
  return JSON.parse(
    text.replace(stringOrNumber, (token) => (largeInteger.test(token) ? `"${token}"` : token)),
  );
}
