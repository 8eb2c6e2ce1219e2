import { expect, test } from "vitest";
import { citationFaults } from "./citations.mjs";

const reference = `# The wire

## 1. Subjects

### 1.2 All of them

See §1.2, and trap 2.

## 7. Traps

1. A first one.
2. A second one.

## Appendix B. Vectors

| # | Request |
| --- | --- |
| 17 [R] | nothing |
`;

function faultsOf(text, file = "electron/a.ts", others = []) {
  const texts = new Map([
    ["docs/protocols/the-wire.md", reference],
    [file, text],
  ]);
  return citationFaults(texts, [...texts.keys(), "docs/http.md", "electron/storage/queue.ts", ...others]);
}

test.each([
  "/** As sent (the-wire §1.2). */",
  "/** Both (the-wire §1, §1.2, traps 1 and 2). */",
  "/** All (the-wire §1.2–1.2). */",
  "/** A long one that goes on (the-wire\n * §1.2). */",
  "// The vectors (the-wire Appendix B, row 17).",
  "// The wire (the-wire trap 2), and later (§1.2) without the name.",
  'it("reads what is sent (the-wire §1.2)", () => {});',
  "// The text of the far side: Post-RFC-011 §7.3.",
  "// Kept by `storage/queue.ts`; see docs/http.md.",
  'const name = "no-such-file.ts"; const other = read("./other.ts");',
])("%s is in order", (text) => {
  expect(faultsOf(text)).toEqual([]);
});

test.each([
  ["/** As sent (the-wire §1.3). */", "the-wire has no §1.3"],
  ["/** Both (the-wire §1.2, traps 1 and 3). */", "the-wire has no trap 3"],
  ["/** The end of a range (the-wire §1.2–1.4). */", "the-wire has no §1.4"],
  ["// The vectors (the-wire Appendix C).", "the-wire has no Appendix C"],
  ["// The vectors (the-wire Appendix B, row 18).", "the-wire has no row 18"],
  ["// Of nothing (§1.2).", "§1.2 names no document"],
  ["// Of another page (DESIGN §4).", "DESIGN is no wire reference"],
  ["// Of another page (the-wires §1).", "the-wires is no wire reference"],
  ["// In another form (the-wire, trap 2).", 'write "the-wire …" without a comma'],
  ["// Kept by `storage/queues.ts`.", "there is no storage/queues.ts"],
  ["// See docs/https.md.", "there is no docs/https.md"],
])("%s leads nowhere", (text, fault) => {
  expect(faultsOf(text).join("\n")).toContain(`electron/a.ts:1: ${fault}`);
});

test("a reference is held to the same within itself", () => {
  expect(faultsOf("See §1 and trap 1.\n\n## 1. It\n", "docs/protocols/other.md")).toEqual([
    "docs/protocols/other.md:1: other has no trap 1",
  ]);
});

test("a document links to files and headings that there are", () => {
  const text =
    "# One page\n\n[a](#one-page) [b](http.md) [c](https://example.org/x) [d](#two) [e](https.md)\n";
  expect(faultsOf(text, "docs/page.md").map((fault) => fault.replace(/.*?: /, ""))).toEqual(
    expect.arrayContaining(["docs/page.md has no heading #two", "the link https.md leads nowhere"]),
  );
});
