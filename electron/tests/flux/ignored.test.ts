import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { checkout, FluxUnderTest, image, legacy, releaseOf, user } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

beforeEach(async () => {
  here = await FluxUnderTest.start({ waits: { syncMs: 1_000 } });
  daemon = await here.daemon("shop");
});
afterEach(() => here.close());

const onShop = { daemonId: "shop" };

/** As after a policy change: git says so, and the live object does not. */
function ignoreInGit(): void {
  Object.assign(daemon.state.workloads[0] ?? {}, { policies: { ignore: "true" } });
}

describe("a workload that is ignored in git", () => {
  beforeEach(ignoreInGit);

  it.each([false, true])(
    "takes no release (force: %s): it would be committed and never applied",
    async (force) => {
      const { failure, activity } = await here.leftBehind("flux.release", releaseOf("2.5.0", { force }));
      expect(failure).toMatchObject({
        code: "conflict",
        message: `Not released: ${checkout} is ignored in git: a release would be committed and never applied.`,
        hint: "Stop ignoring it first.",
      });
      expect(activity.request).toBeUndefined();
    },
  );

  it("among all is warned of in the dry run, and is the reason why the release is not verified", async () => {
    const release = { kind: "image", workloads: "<all>", image: `${image}:2.5.0` };
    const preview = await here.output("flux.release.preview", { ...onShop, release });
    expect(preview.warnings).toEqual([
      `${checkout} is ignored in git: a release would be committed and never applied.`,
    ]);
    const { id } = await here.settles(
      "flux.release",
      releaseOf("2.5.0", { workloads: "<all>" }),
      "confirmed",
    );
    await vi.waitFor(async () =>
      expect((await here.activity(id)).message).toContain(
        `${checkout} runs ${image}:2.4.1, not ${image}:2.5.0: it is ignored in git`,
      ),
    );
  });

  it("is told of when it is to be ignored", async () => {
    const change = { ...onShop, workloads: [checkout], user, message: "" };
    const preview = await here.output("flux.policy.preview", { ...change, changes: { ignore: "true" } });
    expect(preview.warnings.join()).toContain("lock it");
  });
});

describe("a workload that is only kept from garbage collection", () => {
  beforeEach(() => {
    Object.assign(daemon.state.workloads[0] ?? {}, { policies: { ignore: "sync_only" } });
  });

  it("is not ignored: it is released and synced like any other", async () => {
    const [row] = await here.output("flux.workloads.list", { ...onShop, namespace: "shop" });
    expect(row).toMatchObject({ id: checkout, ignored: false, policies: { ignore: "sync_only" } });
    expect((await here.output("flux.daemons.get", onShop)).workloads).toMatchObject({ ignored: 0 });
    await here.settles("flux.release", releaseOf("2.5.0"), "verified");
  });

  it("is told so before, in words that promise no more", async () => {
    const change = { ...onShop, workloads: [legacy], user, message: "" };
    const changes = { ignore: "sync_only" };
    const preview = await here.output("flux.policy.preview", { ...change, changes });
    expect(preview.warnings.join()).toContain("still synced, released and automated");
    const activity = await here.settles("flux.policy.update", { ...change, changes }, "verified");
    expect(activity.title).toBe(`Turn off garbage collection of ${legacy}`);
    await vi.waitFor(async () => {
      const summaries = (await here.output("flux.events.list", onShop)).map(({ summary }) => summary);
      expect(summaries.join("\n")).toContain("(turn off garbage collection)");
    });
  });
});

describe("what keeps a release from being sent", () => {
  it.each([
    [{ inGit: false }, "No manifest of it is in the repository.", "has to be in the daemon's repository"],
    [{}, "The daemon may only read its repository.", "--git-readonly"],
  ])("%j has a hint that fits", async (more, reason, hint) => {
    if (!("inGit" in more)) daemon.state.repository.readOnly = true;
    Object.assign(daemon.state.workloads[0] ?? {}, more);
    const { failure } = await here.leftBehind("flux.release", releaseOf("2.5.0"));
    expect(failure.message).toBe(`Not released: ${checkout}: ${reason}`);
    expect(failure.hint).toContain(hint);
    expect(failure.hint).not.toContain("force");
  });

  it("holds for all where no workload can be changed", async () => {
    daemon.state.repository.readOnly = true;
    const { failure } = await here.leftBehind("flux.release", releaseOf("2.5.0", { workloads: "<all>" }));
    expect(failure.hint).toContain("--git-readonly");
  });

  it("names a workload that nobody knows", async () => {
    const release = releaseOf("2.5.0", { workloads: ["shop:deployment/nobody"] });
    const { failure } = await here.leftBehind("flux.release", release);
    expect(failure).toMatchObject({
      message: "Not released: shop:deployment/nobody is not known to the daemon.",
      hint: "List the workloads: an id is namespace:kind/name.",
    });
  });

  it("takes a kind in any letters", async () => {
    const release = releaseOf("2.5.0", { workloads: ["shop:Deployment/checkout"] });
    await here.settles("flux.release", release, "verified");
  });
});

describe("a workload that is pinned by digest", () => {
  it("is not called released: the daemon leaves its image as it is", async () => {
    const pinned = `${image}@sha256:${"a".repeat(64)}`;
    daemon.state.workloads.push(workload("shop:deployment/pinned", { web: pinned }));
    const workloads = [checkout, "shop:deployment/pinned"];
    const { id } = await here.settles("flux.release", releaseOf("2.5.0", { workloads }), "confirmed");
    await vi.waitFor(async () =>
      expect((await here.activity(id)).message).toContain("shop:deployment/pinned is pinned by digest"),
    );
    expect((await here.activity(id)).state).toBe("confirmed");
  });
});
