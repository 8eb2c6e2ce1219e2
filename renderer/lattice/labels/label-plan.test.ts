import { describe, expect, it } from "vitest";
import { acceptingHosts, effectText, labelButton, labelProblems } from "./label-plan.ts";

describe("a label as typed", () => {
  it("is held against what the console takes", () => {
    expect(labelProblems("zone", "eu-2")).toEqual({});
    expect(labelProblems("zone", "")).toEqual({});
    expect(labelProblems(" ", "x")).toEqual({ key: "a label needs a key" });
    expect(labelProblems("zone", "x".repeat(4_097))).toHaveProperty("value");
  });
});

it("goes to the hosts that would not refuse it", () => {
  const hosts = [{ id: "N1" }, { id: "N2" }, { id: "N3" }];
  const previews = [{ hostId: "N1", refused: "sets it itself" }, { hostId: "N2" }];
  expect(acceptingHosts(hosts, previews)).toEqual([{ id: "N2" }, { id: "N3" }]);
  expect(effectText({ effect: "changed", refused: "sets it itself" })).toBe("refused by the host");
  expect(effectText({ effect: "added" })).toBe("new");
});

it("is named on the button", () => {
  const one = [{ friendlyName: "quiet-river-1022" }];
  expect(labelButton({ key: "zone", value: "eu-2" }, one)).toBe("Set zone=eu-2 on quiet-river-1022");
  expect(labelButton({ key: "zone", value: undefined }, [...one, ...one])).toBe("Delete zone on 2 hosts");
  expect(labelButton({ key: "", value: "" }, one)).toBe("Set a label on quiet-river-1022");
});
