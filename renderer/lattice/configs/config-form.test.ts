import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "../../../shared/catalogue.ts";
import { configErrors, configFormOf, pairOf, previewInputOf, readPairs, valuesOf } from "./config-form.ts";

const place = { connectionId: "prod", lattice: "default" };
const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/).filter((text) => text !== "__proto__");

describe("the form of a config", () => {
  it("gives back the very values that it was made of", () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string(), { noNullPrototype: true }), (values) => {
        const form = configFormOf("team/any", values);
        expect(configErrors(form)).toEqual({});
        expect(valuesOf(form)).toEqual(values);
      }),
    );
  });

  it("leaves out lines in which nothing is written, and keeps empty values", () => {
    const pairs = [pairOf(), pairOf("A", ""), pairOf()];
    expect(valuesOf({ pairs })).toEqual({ A: "" });
    expect(configErrors({ name: "any", pairs })).toEqual({});
  });

  it.each([
    [{ name: "a.b" }, "name", /no dots/],
    [{ name: "" }, "name", /letters, digits/],
    [{ pairs: [pairOf("A", "1"), pairOf("A", "2")] }, "pairs.1.key", /twice/],
    [{ pairs: [pairOf("", "1")] }, "pairs.0.key", /needs a key/],
    [{ pairs: [pairOf("A ", "1")] }, "pairs.0.key", /no spaces/],
    [{ name: "SECRET_db", pairs: [pairOf("key", "")] }, "pairs.0.value", /write it again/],
  ])("with %j says what is wrong at %s", (wrong, field, message) => {
    const errors = configErrors({ ...configFormOf("any", { A: "1" }), ...wrong });
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toMatch(message);
  });

  it("never begins a secret reference with the mask in the place of a value, nor previews what is written", () => {
    const form = configFormOf("SECRET_db", { key: "(secret)" });
    expect(valuesOf(form)).toEqual({ key: "" });
    const written = { ...form, pairs: [pairOf("key", "hunter2")] };
    expect(JSON.stringify(previewInputOf(place, written))).not.toContain("hunter2");
    expect(previewInputOf(place, written).values).toHaveProperty("key");
  });

  it("never lets through what the operation refuses", () => {
    const pairs = fc.array(fc.tuple(fc.string(), fc.string()).map(([name, value]) => pairOf(name, value)));
    fc.assert(
      fc.property(fc.oneof(key, fc.string()), pairs, (name, written) => {
        const form = { name, pairs: written };
        const input = { ...place, name: name.trim(), values: valuesOf(form) };
        const fits = operations["lattice.configs.put"].input.safeParse(input).success;
        if (Object.keys(configErrors(form)).length === 0) expect(fits).toBe(true);
      }),
    );
  });
});

describe("readPairs", () => {
  it("reads the lines that it is given, and the same as JSON", () => {
    const value = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }), (values) => {
        const entries = Object.entries(values);
        expect(readPairs(entries.map((pair) => pair.join("=")).join("\n"))).toEqual(entries);
        expect(readPairs(JSON.stringify(values))).toEqual(entries);
      }),
    );
  });

  it.each(["", "just a word", '{"A": 1}', "{", "A=1\nno pair"])("takes %j for no pairs", (text) => {
    expect(readPairs(text)).toBeUndefined();
  });

  it("passes over comments and the word export", () => {
    expect(readPairs("# defaults\nexport A=1\n\nB = x=y\n")).toEqual([
      ["A", "1"],
      ["B", " x=y"],
    ]);
  });
});
