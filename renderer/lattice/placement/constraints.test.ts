import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostRow } from "../../../shared/lattice/schema.ts";
import { hostsThatFit, keyCompletions, valueCompletions } from "./constraints-editor.tsx";

const host = (labels: Record<string, string>) => ({ labels }) as HostRow;
const hosts = [
  host({ "hostcore.os": "linux", zone: "eu-1", disk: "ssd" }),
  host({ "hostcore.os": "linux", zone: "eu-1" }),
  host({ "hostcore.os": "linux", zone: "us-2" }),
];

describe("what completes a constraint", () => {
  it("offers the labels that somebody chose first, the most frequent first, and then the hosts' own", () => {
    expect(keyCompletions(hosts)).toEqual([
      { text: "zone", hosts: 3 },
      { text: "disk", hosts: 1 },
      { text: "hostcore.os", hosts: 3 },
    ]);
  });

  it("offers the values that hosts have for the label", () => {
    expect(valueCompletions(hosts, " zone ")).toEqual([
      { text: "eu-1", hosts: 2 },
      { text: "us-2", hosts: 1 },
    ]);
    expect(valueCompletions(hosts, "colour")).toEqual([]);
  });

  it("never offers a value that no host has", () => {
    const labels = fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 8 }), (all) => {
        const rows = all.map(host);
        for (const { text: key } of keyCompletions(rows)) {
          for (const { text: value, hosts: count } of valueCompletions(rows, key)) {
            if (key === key.trim()) expect(hostsThatFit(rows, { [key]: value })).toHaveLength(count);
          }
        }
      }),
    );
  });
});

describe("constraints", () => {
  it("fit exactly, letter by letter", () => {
    expect(hostsThatFit(hosts, { zone: "eu-1" })).toHaveLength(2);
    expect(hostsThatFit(hosts, { zone: "EU-1" })).toEqual([]);
    expect(hostsThatFit(hosts, {})).toHaveLength(3);
  });
});
