import { describe, expect, it } from "vitest";
import type { HostFeatures } from "./versions.ts";
import { hostFeatures } from "./versions.ts";

const versions = [
  "1.0.0",
  "1.0.4",
  "1.1.0",
  "1.1.1",
  "1.2.0",
  "1.3.0",
  "1.4.2",
  "1.5.0",
  "1.5.1",
  "1.6.0",
  "1.7.0",
  "1.8.0",
  "1.9.0",
  "1.9.1",
  "1.9.2",
];

function having<Name extends keyof HostFeatures>(name: Name, value: HostFeatures[Name]): string[] {
  return versions.filter((version) => hostFeatures(version)[name] === value);
}

const from = (first: string): string[] => versions.slice(versions.indexOf(first));
const until = (first: string): string[] => versions.slice(0, versions.indexOf(first));

describe("behaviour by version (wasmcloud-control Appendix A)", () => {
  it.each<[keyof HostFeatures, string]>([
    ["successTexts", "1.3.0"],
    ["allowUpdate", "1.1.0"],
    ["everyScaleReported", "1.1.1"],
    ["stopWithoutImage", "1.5.1"],
    ["linkNamesValidated", "1.1.0"],
    ["linkFailureEvent", "1.2.0"],
    ["heartbeatConfigurable", "1.1.1"],
    ["linkDeletedTarget", "1.3.0"],
    ["separateAuctions", "1.5.1"],
    ["coreLabelsProtected", "1.8.0"],
    ["stopBodyChecked", "1.1.0"],
    ["startFailureHostId", "1.5.1"],
    ["eventHostFromBody", "1.6.0"],
    ["claimsValidity", "1.5.1"],
    ["providerRestart", "1.6.0"],
    ["limits", "1.9.0"],
    ["providerReferenceNormalised", "1.5.0"],
  ])("%s since %s", (name, first) => {
    expect(having(name, true)).toEqual(from(first));
  });

  it.each<[keyof HostFeatures, string]>([
    ["missingProviderConfigRefused", "1.1.0"],
    ["componentAuctionById", "1.3.0"],
    ["labelDeletionNeedsValue", "1.5.1"],
  ])("%s until %s", (name, first) => {
    expect(having(name, true)).toEqual(until(first));
  });

  it.each<[keyof HostFeatures, string[]]>([
    ["zeroWhenInstanceEnds", ["1.0.0"]],
    ["controlHostShowsRpc", ["1.9.0", "1.9.1"]],
    ["startedBeforeSubscribed", ["1.9.0", "1.9.1"]],
    ["linkPutUpdatesOwnCache", ["1.9.0"]],
    ["linkDeleteUpdatesOwnCache", ["1.9.0", "1.9.1"]],
  ])("%s only in %s", (name, expected) => {
    expect(having(name, true)).toEqual(expected);
  });

  it("knows when disabled builtin providers became silent", () => {
    expect(having("builtinProviders", "unknown")).toEqual(until("1.5.0"));
    expect(having("builtinProviders", "failure-event")).toEqual(["1.5.0", "1.5.1", "1.6.0", "1.7.0"]);
    expect(having("builtinProviders", "silent")).toEqual(from("1.8.0"));
  });

  it("knows three rules for a second target of a link", () => {
    expect(having("linkConflictRule", "none")).toEqual(until("1.3.0"));
    expect(having("linkConflictRule", "target")).toEqual(["1.3.0", "1.4.2"]);
    expect(having("linkConflictRule", "interface")).toEqual(from("1.5.0"));
  });

  it.each<keyof HostFeatures>(["updateReplies", "updateLeavesOldCode", "archiveErrorNamesTarget"])(
    "%s everywhere but in 1.0.0",
    (name) => {
      expect(having(name, false)).toEqual(["1.0.0"]);
    },
  );

  it("refuses what is not a version", () => {
    expect(() => hostFeatures("latest")).toThrow("not a host version");
  });
});
