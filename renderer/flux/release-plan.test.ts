import { describe, expect, it } from "vitest";
import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import { type ReleasePlan, releaseInputs, releaseLabel, tickedInputs, tickKey } from "./release-plan.ts";

const plan: ReleasePlan = { what: "newest", image: "", excludes: ["shop:deployment/legacy"], force: false };
const more = { connectionId: "flux", user: "Ines", message: "" };
const all = { daemonId: "eu", daemonName: "EU", protocol: 11, workloads: undefined };
const some = { ...all, workloads: ["shop:deployment/checkout"] };
const names = new Map([["eu", "EU"]]);

const containers = [
  { container: "web", current: "checkout:1", target: "checkout:2" },
  { container: "metrics", current: "metrics:1", target: "metrics:2" },
];
const preview: ReleasePreview = {
  daemonId: "eu",
  jobId: "job",
  changes: 1,
  diff: "",
  warnings: [],
  locks: {},
  results: [
    { id: "shop:deployment/checkout", status: "success", containers },
    { id: "shop:deployment/basket", status: "skipped", error: "locked", containers: [] },
  ],
};

describe("a release from the form", () => {
  it("is one request for each daemon, for all workloads or for those that were chosen", () => {
    expect(releaseInputs(plan, [all], more)?.[0]?.release).toEqual({
      kind: "image",
      workloads: "<all>",
      image: "<all latest>",
      excludes: ["shop:deployment/legacy"],
      force: false,
    });
    const image = releaseInputs(
      { ...plan, what: "image", image: " checkout:2 " },
      [some, { ...some, daemonId: "us" }],
      more,
    );
    expect(
      image?.map(({ daemonId, release }) => [daemonId, release.kind === "image" && release.image]),
    ).toEqual([
      ["eu", "checkout:2"],
      ["us", "checkout:2"],
    ]);
  });

  it("is not complete without an image where one is wanted", () => {
    expect(releaseInputs({ ...plan, what: "image", image: " " }, [all], more)).toBeUndefined();
  });
});

describe("a release after the dry run", () => {
  const inputs = releaseInputs(plan, [all], more) ?? [];

  it("is the same request where everything stays ticked", () => {
    expect(tickedInputs(inputs, [preview], new Set())).toEqual(inputs);
    expect(releaseLabel(inputs, [preview], names)).toBe("Release 1 workload at EU");
  });

  it("is exactly the ticked containers otherwise, on the condition of what they run now", () => {
    const unticked = new Set([tickKey("eu", "shop:deployment/checkout", "metrics")]);
    const ticked = tickedInputs(inputs, [preview], unticked);
    expect(ticked[0]?.release).toEqual({
      kind: "containers",
      updates: { "shop:deployment/checkout": [containers[0]] },
      skipMismatches: false,
      force: false,
    });
    expect(releaseLabel(ticked, [preview], names)).toBe("Release 1 workload at EU");
  });

  it("is nothing where nothing changes or nothing is ticked", () => {
    const none = { ...preview, results: preview.results.slice(1), changes: 0 };
    expect(tickedInputs(inputs, [none], new Set())).toEqual([]);
    const unticked = new Set(
      containers.map(({ container }) => tickKey("eu", "shop:deployment/checkout", container)),
    );
    expect(releaseLabel(tickedInputs(inputs, [preview], unticked), [preview], names)).toBe(
      "Nothing to release",
    );
  });
});
