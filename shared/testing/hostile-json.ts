/** Texts that have undone programs: names that every object inherits, control characters, very long ones, other alphabets. */
const texts = [
  "",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "\u0000\u0007\u001b[2J\u007f",
  "a\nb\r\n\u2028\u202e",
  "\ud800",
  "9007199254740991",
  "1e999",
  "NaN",
  "+275760-09-13T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "0001-01-01T00:00:00Z",
  "not a time",
  "<b onmouseover=alert(1)>&amp;</b>",
  "$(reboot)`reboot`;'\"",
  "x".repeat(20_000),
];

const numbers = [
  0,
  -0,
  -1,
  0.5,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  8.64e15,
  8.64e15 + 1,
];

function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

/** As JSON.parse makes it: keys of its own that elsewhere are inherited. */
const inherited = '{"__proto__":{"x":"1"},"constructor":"2","toString":3}';

const values: readonly (() => unknown)[] = [
  ...texts.map((text) => () => text),
  ...numbers.map((number) => () => number),
  ...[null, true, false, undefined].map((value) => () => value),
  ...["[]", "{}", "[null]", "[[]]", '[{"a":[1,"b"]}]', inherited].map(
    (text) => () => JSON.parse(text) as unknown,
  ),
  ...[5, 500, 5_000].map((depth) => () => nested(depth)),
  () => Array(2_000).fill("x"),
  () => Object.fromEntries(Array.from({ length: 2_000 }, (_, key) => [`k${key}`, "v"])),
];

/** Numbers from 0 to below `end`, the same ones for the same seed. */
export function numbersFrom(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (Math.imul(state ^ (state >>> 13), 0x297a2d39) >>> 0) % end;
  };
}

/**
 * The same message with some of its parts replaced, removed or added: realistic all around, hostile in places. Tests draw
 * the seed, so that what a failure prints is one number.
 */
export function hostileVersion(message: unknown, seed: number): unknown {
  const upTo = numbersFrom(seed);
  const copy = JSON.parse(JSON.stringify({ message })) as Record<string, unknown>;
  for (let changes = 1 + upTo(4); changes > 0; changes -= 1) {
    const places = placesIn(copy);
    const place = places[upTo(places.length)] as Place;
    const value = (values[upTo(values.length)] as () => unknown)();
    const part = place.holder[place.key];
    if (upTo(5) === 0 && typeof part === "object" && part !== null)
      set(part as Record<string, unknown>, texts[1 + upTo(7)] as string, value);
    else set(place.holder, place.key, value);
  }
  return copy.message;
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

/** Every part of a JSON value, as far as a person would look. */
function placesIn(value: Record<string, unknown>, depth = 0): Place[] {
  if (depth > 8) return [];
  return Object.keys(value)
    .slice(0, 50)
    .flatMap((key) => {
      const part = value[key];
      const inner = typeof part === "object" && part !== null ? part : {};
      return [{ holder: value, key }, ...placesIn(inner as Record<string, unknown>, depth + 1)];
    });
}

function set(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** As a sender would write it; what is nested too deeply for JSON.stringify is written by hand. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "[".repeat(100_000) + "]".repeat(100_000);
  }
}
