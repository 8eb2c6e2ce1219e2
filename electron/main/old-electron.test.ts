import { expect, it } from "vitest";
import { oldElectron } from "./old-electron.ts";

const builtFor = "45.4.1";
const of = (version: string, failure?: string) => oldElectron({ version, builtFor, failure });

it.each(["45.4.1", "45.0.0", "46.1.0", "100.0.0"])("has nothing to say of %s", (version) => {
  expect(of(version)).toBeUndefined();
});

it.each(["25.1.1", "44.9.9", "5.0.0", "", "nightly"])("says that %j is old", (version) => {
  expect(of(version)).toEqual({ version, builtFor });
});

it("says why the other could not be had, in bounds", () => {
  expect(of("25.1.1", "fetch failed")).toEqual({ version: "25.1.1", builtFor, failure: "fetch failed" });
  expect(of("25.1.1", "x".repeat(5_000))?.failure).toHaveLength(200);
  expect(of("45.4.1", "fetch failed")).toBeUndefined();
});
