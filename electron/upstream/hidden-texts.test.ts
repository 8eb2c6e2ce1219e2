import { expect, test } from "vitest";
import { withoutHidden } from "./hidden-texts.ts";

test.each([
  ["as it is", (secret: string) => secret],
  ["in JSON", (secret: string) => JSON.stringify({ got: secret })],
  ["in an address", (secret: string) => `/login?token=${encodeURIComponent(secret)}`],
])("a hidden text is not shown %s", (_where, written) => {
  for (const secret of ["plain-token", 'quote"back\\slash', "blank and /slash?&=", "ümlaut€"]) {
    const text = withoutHidden(`before ${written(secret)} after`, ["", secret]);
    expect(text).toMatch(/^before .*\*\*\*.* after$/);
    expect(text).not.toContain(secret);
  }
});

test("half of a pair is hidden too, though no address can hold it", () => {
  expect(withoutHidden("got half\ud800", ["half\ud800"])).toBe("got ***");
});

test("what is hidden nowhere stays as it is", () => {
  expect(withoutHidden("a text", [])).toBe("a text");
  expect(withoutHidden("a text", [""])).toBe("a text");
});
