import { expect, test } from "vitest";
import { searchEntries } from "./palette-entries.ts";

const run = () => undefined;
const entries = [
  { id: "1", group: "Hosts", label: "quiet-river-1022", detail: "1.9.2", keywords: "NABC zone-eu", run },
  { id: "2", group: "Hosts", label: "river-quiet-3", run },
  { id: "3", group: "Go to", label: "Go to hosts", run },
];

test("every word has to be found, in any order, also in the keywords", () => {
  const found = searchEntries("eu river", entries);
  expect(found.map((group) => group.entries.map((entry) => entry.id))).toEqual([["1"]]);
  expect(searchEntries("nothing like it", entries)).toEqual([]);
});

test("a label that begins with the query comes first", () => {
  expect(searchEntries("river", entries)[0]?.entries.map((entry) => entry.id)).toEqual(["2", "1"]);
});

test("the group with the best line comes first, so that Enter runs it", () => {
  const found = searchEntries("river", [
    { id: "4", group: "Go to", label: "Go to rivers", run },
    { id: "5", group: "Connections", label: "River EU", run },
  ]);
  expect(found.map(({ group }) => group)).toEqual(["Connections", "Go to"]);
});

test("a large group shows a few and the others keep their place", () => {
  const many = Array.from({ length: 50_000 }, (_unused, number) => ({
    id: `c${number}`,
    group: "Components",
    label: `cart-${number}`,
    run,
  }));
  const found = searchEntries("", [...many, ...entries]);
  expect(found.map((group) => group.group)).toEqual(["Components", "Hosts", "Go to"]);
  expect(found[0]?.entries.length).toBeLessThan(10);
});
