import fc from "fast-check";
import { expect, test } from "vitest";
import { pageNames, pageOfPath, pathTo, selectionOfPath } from "./paths.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);

test("an address tells its page and selection back", () => {
  fc.assert(
    fc.property(fc.constantFrom(...pageNames), name, name, (page, connectionId, lattice) => {
      const path = pathTo(page, { connectionId, lattice });
      expect(pageOfPath(path)).toBe(page);
      expect(selectionOfPath(path)).toEqual({ connectionId, lattice });
    }),
  );
});

test("pages of the console have an address without a selection, the others lead to the connections", () => {
  expect(pathTo("activity", undefined)).toBe("/activity");
  expect(pathTo("hosts", undefined)).toBe("/connections");
  expect(selectionOfPath("/activity")).toBeUndefined();
});

test("an address that nobody made names no selection and does not throw", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(pageNames).toContain(pageOfPath(`/${text}`));
      selectionOfPath(`/c/${text}`);
    }),
  );
  expect(selectionOfPath("/c/%/x/hosts")).toBeUndefined();
});
