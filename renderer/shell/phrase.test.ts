import fc from "fast-check";
import { expect, test } from "vitest";
import { afterVerb, type Named, readPhrase, wordsOf } from "./phrase.ts";

const scale = {
  verb: "Scale",
  synonyms: "resize",
  parameter: (text: string) => (/^\d+$/.test(text) ? text : undefined),
};
const stop = { verb: "Stop", synonyms: "kill" };
const revoke = { verb: "Revoke lease" };
const cart: Named = {
  name: "cart",
  names: "component cart",
  keywords: "ghcr.io/shop/cart:1.12 on quiet-river",
};

function read(query: string, action: Parameters<typeof afterVerb>[1], thing = cart) {
  const found = afterVerb(wordsOf(query), action);
  return found && readPhrase(found, action, thing);
}

test("a verb, a thing and a value are found in that order or another, with words between", () => {
  for (const query of [
    "scale cart 12",
    "Scale cart to 12",
    "cart scale 12",
    "resize component cart 12",
    "sc ca 12",
  ])
    expect(read(query, scale)?.value).toBe("12");
});

test("a value is not taken for a part of the name, nor of what else is known of the thing", () => {
  expect(read("scale http2 2", scale, { name: "http2", names: "component http2", keywords: "" })?.value).toBe(
    "2",
  );
  expect(read("scale cart-12", scale, { name: "cart-12", names: "component cart-12", keywords: "" })).toEqual(
    {
      rank: 0,
    },
  );
  expect(read("scale cart 12", scale)?.value).toBe("12");
});

test("what is no value and names nothing makes no phrase", () => {
  expect(read("scale cart soon", scale)).toBeUndefined();
  expect(read("stop cart 12 13", stop)).toBeUndefined();
  expect(read("cart 12", scale)).toBeUndefined();
  expect(read("s cart", scale)).toBeUndefined();
});

test("a verb alone finds each thing, and so do further words of the action", () => {
  expect(read("stop", stop)?.value).toBeUndefined();
  expect(read("stop", stop)).toBeDefined();
  expect(read("revoke lease cart", revoke)).toBeDefined();
  expect(read("revoke the lease of river", revoke)).toBeDefined();
});

test("the exact verb and the exact name come first", () => {
  const other: Named = { name: "cart-reader", names: "component cart-reader", keywords: "" };
  const ranks = [
    read("stop cart", stop),
    read("stop cart", stop, other),
    read("sto cart", stop),
    read("kill river", stop),
  ].map((phrase) => phrase?.rank ?? 1);
  expect(ranks).toEqual([...ranks].sort((left, right) => left - right));
  expect(new Set(ranks).size).toBe(4);
});

test("no text makes it throw, and a value is always one that the action takes", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("scale", "cart", "12", "to"),
  );
  fc.assert(
    fc.property(fc.array(text), text, text, (words, name, keywords) => {
      const thing = { name, names: `component ${name}`.toLowerCase(), keywords };
      const phrase = read(words.join(" "), scale, thing);
      if (phrase?.value !== undefined) expect(phrase.value).toMatch(/^\d+$/);
      if (phrase) expect(phrase.rank).toBeLessThan(1);
    }),
  );
});
