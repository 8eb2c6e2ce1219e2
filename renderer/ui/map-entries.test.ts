import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesOf, entryProblems, mapOf, withEntry } from "./map-entries.ts";

const key = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== "__proto__");

describe("a map while it is written", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (map) => {
        expect(mapOf(entriesOf(map))).toEqual(map);
        expect(mapOf(withEntry(entriesOf(map)))).toEqual(map);
        expect(entryProblems(entriesOf(map)).size).toBe(0);
      }),
    );
  });

  it("gives each new line a number of its own", () => {
    const lines = withEntry(withEntry(entriesOf({ a: "1" }))).map(({ line }) => line);
    expect(new Set(lines).size).toBe(3);
  });

  it("names the line that has no key, and the one whose key is there already", () => {
    const entries = [
      { line: 4, key: "zone", value: "a" },
      { line: 7, key: " ", value: "b" },
      { line: 9, key: " zone ", value: "c" },
      { line: 11, key: "", value: "" },
    ];
    expect([...entryProblems(entries)]).toEqual([
      [7, "A value needs a key."],
      [9, "zone is there twice."],
    ]);
  });
});
