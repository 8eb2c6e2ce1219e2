import { expect, it } from "vitest";
import { systems } from "../../shared/connections/schema.ts";
import { pagesOf } from "../state/paths.ts";
import type { Selected } from "../state/ui-store.ts";
import { pageLooks } from "./pages.ts";

const selections = systems.map(
  (system): Selected =>
    system === "lattice" ? { connectionId: "there", lattice: "default" } : { connectionId: "there", system },
);

it.each(selections)("no key leads to two pages of one system ($system)", (selection) => {
  const chords = pagesOf(selection).map((page) => pageLooks[page].chord);
  expect(new Set(chords).size).toBe(chords.length);
  // Digits lead to the other systems, from everywhere.
  for (const chord of chords) expect(chord).toMatch(/^g [a-z]$/);
});
