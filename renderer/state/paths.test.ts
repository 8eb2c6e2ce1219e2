import fc from "fast-check";
import { expect, test } from "vitest";
import { systems } from "../../shared/connections/schema.ts";
import { pageOfPath, pagesOf, pathTo, selectionOfPath } from "./paths.ts";
import type { Selected } from "./ui-store.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const selections: fc.Arbitrary<Selected> = fc
  .tuple(fc.constantFrom(...systems), name, name)
  .map(([system, connectionId, lattice]) =>
    system === "lattice" ? { connectionId, lattice } : { system, connectionId },
  );
const places = selections.chain((selection) =>
  fc.record({ selection: fc.constant(selection), page: fc.constantFrom(...pagesOf(selection)) }),
);

test("an address tells its page and selection back", () => {
  fc.assert(
    fc.property(places, ({ page, selection }) => {
      const path = pathTo(page, selection);
      expect(pageOfPath(path)).toBe(page);
      expect(selectionOfPath(path)).toEqual(selection);
    }),
  );
});

test("pages of the console have an address without a selection, the others lead to the connections", () => {
  expect(pathTo("activity", undefined)).toBe("/activity");
  expect(pathTo("hosts", undefined)).toBe("/connections");
  expect(selectionOfPath("/activity")).toBeUndefined();
});

test("a page that a system does not have leads to the first one that it has", () => {
  const forge = { system: "forge", connectionId: "jobs" } as const;
  expect(pathTo("hosts", forge)).toBe(pathTo(pagesOf(forge)[0] ?? "activity", forge));
});

test("an address that nobody made names no selection and does not throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("", "c/", "forge/"), (text, prefix) => {
      expect(typeof pageOfPath(`/${prefix}${text}`)).toBe("string");
      selectionOfPath(`/${prefix}${text}`);
    }),
  );
  expect(selectionOfPath("/c/%/x/hosts")).toBeUndefined();
  expect(selectionOfPath("/forge/%")).toBeUndefined();
});
