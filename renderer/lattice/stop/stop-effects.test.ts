import { describe, expect, it } from "vitest";
import type { HostRow, LinkRow } from "../../../shared/lattice/schema.ts";
import {
  componentStopWarnings,
  linkText,
  managedWarning,
  oldCodeWarning,
  type Stoppable,
  stopEffects,
  unreadLinksWarning,
} from "./stop-effects.ts";

const row = (hostId: string, id: string, managedByWadm = false): Stoppable => ({
  hostId,
  hostName: `host ${hostId}`,
  id,
  managedByWadm,
});
const link = (sourceId: string, target: string, name = "default"): LinkRow => ({
  sourceId,
  target,
  name,
  witNamespace: "wasi",
  witPackage: "keyvalue",
  interfaces: ["store"],
  sourceConfig: [],
  targetConfig: [],
});
const host = (id: string, status: HostRow["status"] = "live", version = "1.9.2") => ({
  id,
  status,
  version,
  friendlyName: `host ${id}`,
});
const lattice = {
  all: [row("N1", "cart"), row("N2", "cart"), row("N1", "catalog"), row("N3", "catalog")],
  hosts: [host("N1"), host("N2"), host("N3", "lost")],
  links: [link("orders", "cart"), link("catalog", "redis"), link("orders", "redis")],
};

describe("what a stop means for the lattice", () => {
  it("loses what runs nowhere else, and the links that end there", () => {
    const effects = stopEffects([row("N1", "cart"), row("N1", "catalog")], lattice);
    expect(effects.elsewhere).toEqual(
      new Map([
        ["cart", 1],
        ["catalog", 0],
      ]),
    );
    expect(effects.lost).toEqual(["catalog"]);
    expect(effects.links).toEqual([link("catalog", "redis")]);
  });

  it("counts nothing that is stopped by the same command", () => {
    const effects = stopEffects([row("N1", "cart"), row("N2", "cart")], lattice);
    expect(effects.lost).toEqual(["cart"]);
    expect(effects.links).toEqual([link("orders", "cart")]);
  });
});

describe("the warnings of a stop", () => {
  it("tell of wadm and of hosts that fetch the image even to stop (trap 25)", () => {
    const hosts = [host("N1", "live", "1.3.0"), host("N2")];
    expect(componentStopWarnings([row("N1", "cart", true), row("N2", "cart")], hosts)).toEqual([
      "wadm manages 1 of these and will put back what its manifest says.",
      expect.stringMatching(/\(host N1\).*the stop fails/),
    ]);
    expect(componentStopWarnings([row("N2", "cart")], hosts)).toEqual([]);
    expect(managedWarning([row("N2", "cart", true)])[0]).toMatch(/^wadm manages this /);
  });
});

it("names a link by its ends and interface, and its name where it has one of its own", () => {
  expect(linkText(link("a", "b"))).toBe("a → b · wasi:keyvalue");
  expect(linkText(link("a", "b", "cache"))).toBe("a → b · wasi:keyvalue (cache)");
});

it("names what was updated while its host ran, which a stop does not end", () => {
  const updated = [{ hostId: "n1", componentId: "cart", updateOrigin: "sent" as const }];
  const rows = [row("n1", "cart"), row("n2", "cart"), row("n1", "catalog")];
  expect(oldCodeWarning(rows.slice(1), updated)).toEqual([]);
  expect(oldCodeWarning(rows, updated)).toEqual([
    expect.stringMatching(/^Updated while the host ran: cart on [^,]+\. /),
  ]);
});

it("says that links may be missing as long as their list was never read", () => {
  expect(unreadLinksWarning("2026-11-29T10:00:00.000Z")).toEqual([]);
  expect(unreadLinksWarning(undefined)).toEqual([expect.stringMatching(/links .* may be missing/)]);
});

it("says who updated it, as far as that is known", () => {
  const updated = [
    { hostId: "n1", componentId: "cart", updateOrigin: "seen" as const },
    { hostId: "n2", componentId: "cart", updateOrigin: "open" as const },
  ];
  expect(oldCodeWarning([row("n1", "cart"), row("n2", "cart")], updated).join()).toMatch(
    /cart on host n1 \(by somebody else\), cart on host n2 \(outcome open\)\. .*wait for the outcome/,
  );
});
