import { describe, expect, it } from "vitest";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { type Ends, viewLinks } from "./link-views.ts";

const link: LinkRow = {
  sourceId: "cart",
  target: "keyvalue-redis",
  witNamespace: "wasi",
  witPackage: "keyvalue",
  interfaces: ["store"],
  name: "default",
  sourceConfig: [],
  targetConfig: [],
};
const both: Ends = new Map([
  ["cart", "component"],
  ["keyvalue-redis", "provider"],
]);

describe("viewLinks", () => {
  it("says at which ends nothing runs", () => {
    const missing = (ends: Ends) => viewLinks([], [link], ends)[0]?.missing;
    expect(missing(both)).toEqual([]);
    expect(missing(new Map([["cart", "component"]]))).toEqual(["target"]);
    expect(missing(new Map())).toEqual(["source", "target"]);
  });

  it("keeps the object of a link that looks the same, and only that", () => {
    const before = viewLinks([], [link], both);
    expect(viewLinks(before, [link], new Map(both))[0]).toBe(before[0]);
    expect(viewLinks(before, [link], new Map())[0]).not.toBe(before[0]);
    expect(viewLinks(before, [{ ...link }], both)[0]).not.toBe(before[0]);
  });
});
