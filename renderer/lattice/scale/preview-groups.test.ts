import { describe, expect, it } from "vitest";
import type { ScalePreview } from "../../../shared/lattice/schema.ts";
import { configUnknowable, groupPreviews, losesSomething } from "./preview-groups.ts";

function preview(hostId: string, after: string, lost = false): ScalePreview {
  return {
    hostId,
    hostName: `name-${hostId}`,
    componentId: "cart",
    running: true,
    request: { imageReference: "cart:2", maxInstances: 5, annotations: {}, config: [] },
    fields: [
      { field: "maxInstances", now: "1", after, knownFrom: "running", effect: "changed" },
      {
        field: "config",
        now: "not knowable",
        after: "(none)",
        knownFrom: lost ? "unknowable" : "history",
        effect: lost ? "may-be-lost" : "same",
      },
    ],
    warnings: [],
    managedByWadm: false,
    basis: hostId,
  };
}

describe("groupPreviews", () => {
  it("puts hosts with the same outcome together, the most common first", () => {
    const groups = groupPreviews([preview("N1", "5"), preview("N2", "6"), preview("N3", "6")]);
    expect(groups.map(({ hosts }) => hosts.map(({ id }) => id))).toEqual([["N2", "N3"], ["N1"]]);
  });

  it("tells a harmless plan from one that may lose config", () => {
    expect(losesSomething(groupPreviews([preview("N1", "5")]))).toBe(false);
    expect(losesSomething(groupPreviews([preview("N1", "5"), preview("N2", "5", true)]))).toBe(true);
    expect(configUnknowable([preview("N1", "5")])).toBe(false);
    expect(configUnknowable([preview("N2", "5", true)])).toBe(true);
  });
});
