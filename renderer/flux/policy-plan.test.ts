import { describe, expect, it } from "vitest";
import { changesOf, noChange, patternProblem, policyInputs, policyLabel } from "./policy-plan.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

function workload(daemonId: string, name: string): WorkloadView {
  return {
    daemonId,
    daemonName: daemonId,
    id: `shop:deployment/${name}`,
    containers: [],
  } as unknown as WorkloadView;
}

const rows = [workload("eu", "a"), workload("us", "b"), workload("eu", "c")];
const more = { connectionId: "flux", user: "", message: "" };

describe("a change of policies from the form", () => {
  it("is nothing as long as everything is left", () => {
    expect(changesOf(noChange)).toBeUndefined();
    expect(policyInputs(noChange, rows, more)).toBeUndefined();
    expect(policyLabel(noChange, rows)).toBe("Nothing to change");
  });

  it("holds only what was chosen", () => {
    expect(changesOf({ ...noChange, lock: "on", lockMessage: " audit ", automation: "off" })).toEqual({
      automated: false,
      locked: true,
      lockMessage: "audit",
    });
    expect(changesOf({ ...noChange, lockMessage: "not asked for" })).toBeUndefined();
    expect(changesOf({ ...noChange, pattern: "1.*" })).toEqual({ tagAll: "1.*" });
    expect(changesOf({ ...noChange, pattern: "1.*", container: "web" })).toEqual({ tags: { web: "1.*" } });
    expect(changesOf({ ...noChange, ignore: "off" })).toEqual({ ignore: "off" });
  });

  it("is one commit for each daemon", () => {
    const inputs = policyInputs({ ...noChange, automation: "on" }, rows, more);
    expect(inputs?.map(({ daemonId, workloads }) => [daemonId, workloads])).toEqual([
      ["eu", ["shop:deployment/a", "shop:deployment/c"]],
      ["us", ["shop:deployment/b"]],
    ]);
    expect(policyLabel({ ...noChange, automation: "on", lock: "off" }, rows)).toBe(
      "Automate, unlock 3 workloads",
    );
  });

  it("has the reason for a refused tag filter beside its field", () => {
    const failure = (path: string) => ({
      code: "invalid_input" as const,
      message: "no",
      details: { fields: [{ path, message: "Flux would refuse this pattern: (" }] },
    });
    expect(patternProblem(failure("changes.tagAll"))).toMatch(/^Flux would/);
    expect(patternProblem(failure("changes.tags.web"))).toMatch(/^Flux would/);
    expect(patternProblem(failure("user"))).toBeUndefined();
    expect(patternProblem({ code: "unreachable", message: "gone" })).toBeUndefined();
  });
});
