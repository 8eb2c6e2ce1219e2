import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { checkout, FluxUnderTest, image, legacy, releaseOf, user } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

beforeEach(async () => {
  here = await FluxUnderTest.start();
  daemon = await here.daemon("shop");
});
afterEach(() => here.close());

const onShop = { daemonId: "shop" };

describe("a release", () => {
  it("is worked out first: what changes, what not and why, as a diff", async () => {
    const release = { kind: "image", workloads: "<all>", image: "<all latest>" };
    const preview = await here.output("flux.release.preview", { ...onShop, release });
    expect(preview.changes).toBe(1);
    expect(preview.diff).toBe(
      `--- ${checkout}\n+++ ${checkout}\n@@ web @@\n-image: ${image}:2.4.1\n+image: ${image}:2.4.3`,
    );
    expect(preview.locks).toEqual({ [legacy]: `locked by ${user}: Frozen for the audit` });
    // A result names every workload in git, and of the others only those that were asked for.
    expect(preview.results.map(({ id }) => id)).toEqual([checkout, legacy]);
    expect(daemon.state.repository.commits).toHaveLength(1);
  });

  it("is confirmed by its job, and verified by the applied commit and what runs", async () => {
    const activity = await here.settles("flux.release", releaseOf("2.5.0"), "verified");
    expect(activity.steps.map(({ state }) => state)).toEqual([
      "recorded",
      "sent",
      "acknowledged",
      "confirmed",
      "verified",
    ]);
    expect(activity.title).toBe(`Release ${image}:2.5.0 to ${checkout}`);
    expect(activity.request).toMatchObject({ protocol: "websocket", method: "RPCServer.UpdateManifests" });
    expect(activity.message).toContain("is applied");
    expect(daemon.state.repository.head).toMatchObject({ message: "Checkout hotfix" });
    expect(daemon.state.workloads[0]?.containers[0]?.running).toBe(`${image}:2.5.0`);
    const events = await here.output("flux.events.list", onShop);
    expect(events.map(({ type }) => type)).toEqual(["release", "sync", "commit"]);
  });

  it("of chosen containers keeps its precondition", async () => {
    const updates = {
      [checkout]: [{ container: "web", current: `${image}:2.4.1`, target: `${image}:2.5.0` }],
    };
    const chosen = { ...onShop, release: { kind: "containers", updates }, user, message: "" };
    await here.settles("flux.release", chosen, "verified");
    const again = await here.settles("flux.release", chosen, "failed");
    expect(again.message).toContain("cannot satisfy specs");
  });

  it("of a locked workload is refused with who locked it and why, and nothing is sent", async () => {
    const { failure, activity } = await here.leftBehind(
      "flux.release",
      releaseOf("2.5.0", { workloads: [legacy] }),
    );
    expect(failure).toMatchObject({
      code: "conflict",
      message: `Not released: ${legacy} is locked by ${user}: Frozen for the audit.`,
    });
    expect(activity).toMatchObject({ state: "failed" });
    expect(activity.request).toBeUndefined();
    await here.settles("flux.release", releaseOf("2.5.0", { workloads: [legacy], force: true }), "verified");
  });

  it("of what runs already is no failure", async () => {
    const activity = await here.settles("flux.release", releaseOf("2.4.1"), "verified");
    expect(activity.steps.map(({ state }) => state)).toContain("confirmed");
    expect(activity.evidence.map(({ summary }) => summary).join("\n")).toContain(
      "There was nothing to change",
    );
  });

  it("of an image that does not exist fails with the daemon's words", async () => {
    const activity = await here.settles("flux.release", releaseOf("9.9"), "failed");
    expect(activity.message).toContain(`image "${image}:9.9" does not exist`);
  });

  it("that cannot be applied fails with the workload's error", async () => {
    Object.assign(daemon.state.workloads[0] ?? {}, { syncError: "field is immutable" });
    const activity = await here.settles("flux.release", releaseOf("2.5.0"), "failed");
    expect(activity.message).toContain(`could not apply ${checkout}: field is immutable`);
    const row = (await here.output("flux.daemons.list"))[0];
    expect(row?.sync?.errors).toEqual([
      { id: checkout, path: "shop/checkout.yaml", error: "field is immutable" },
    ]);
  });

  it("whose push is rejected has not happened", async () => {
    daemon.faults.add({ kind: "push-rejected" });
    const activity = await here.settles("flux.release", releaseOf("2.5.0"), "failed");
    expect(activity.message).toMatch(/^The job failed: git push .*failed to push some refs to '[^']+'\.$/);
  });

  it.each([
    ["an image without a tag", { image }, /blank tag/],
    ["an id that is none", { workloads: ["junk"] }, /namespace:kind\/name/],
    ["no workload", { workloads: [] }, /at least one workload/],
  ])("is refused for %s before anything is recorded", async (_name, more, message) => {
    const failure = await here.failure("flux.release", releaseOf("2.5.0", more));
    expect(failure.code).toBe("invalid_input");
    expect(JSON.stringify(failure.details)).toMatch(message);
  });

  it("of a kind that the daemon does not take is refused with the reason", async () => {
    const { failure } = await here.leftBehind(
      "flux.release",
      releaseOf("2.5.0", { workloads: ["shop/checkout"] }),
    );
    expect(failure).toMatchObject({ message: "shop: Unsupported resource kind: service." });
  });
});

describe("policies", () => {
  const change = (changes: object, workloads = [checkout]) => ({
    ...onShop,
    workloads,
    changes,
    user,
    message: "",
  });

  it("are shown before and after", async () => {
    const preview = await here.output(
      "flux.policy.preview",
      change({ automated: false, locked: true, lockMessage: "audit", tags: { web: "2.*" } }, [
        checkout,
        "shop:deployment/nobody",
      ]),
    );
    expect(preview.workloads).toEqual([
      {
        id: checkout,
        effect: "changed",
        before: { automated: "true", "tag.web": "semver:~2.4" },
        after: { locked: "true", locked_user: user, locked_msg: "audit", "tag.web": "glob:2.*" },
      },
      {
        id: "shop:deployment/nobody",
        effect: "refused",
        refusal: "The daemon does not know it.",
        before: {},
        after: {},
      },
    ]);
  });

  it("are changed by a commit and verified by reading them back", async () => {
    const activity = await here.settles(
      "flux.policy.update",
      change({ locked: true, lockMessage: "audit" }),
      "verified",
    );
    expect(activity.title).toBe(`Lock ${checkout}`);
    const [row] = await here.output("flux.workloads.list", { ...onShop, namespace: "shop" });
    expect(row).toMatchObject({
      id: checkout,
      locked: true,
      policies: { locked_user: user, locked_msg: "audit" },
    });
    await here.settles("flux.policy.update", change({ locked: false, automated: false }), "verified");
    expect(daemon.state.workloads[0]?.policies).toEqual({ "tag.web": "semver:~2.4" });
  });

  it("that are so already are verified without a commit", async () => {
    const activity = await here.settles("flux.policy.update", change({ automated: true }), "verified");
    expect(activity.evidence.map(({ summary }) => summary).join("\n")).toContain(
      "There was nothing to change",
    );
    expect(daemon.state.repository.commits).toHaveLength(1);
  });

  it("of a workload that is not in git are refused, because the daemon would only skip it", async () => {
    const { failure } = await here.leftBehind(
      "flux.policy.update",
      change({ locked: true }, ["infra:daemonset/agent"]),
    );
    expect(failure).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("No manifest of it"),
    });
  });

  it("with a filter that is none are refused at once", async () => {
    const failure = await here.failure("flux.policy.update", change({ tags: { web: "regexp:(" } }));
    expect(failure).toMatchObject({
      code: "invalid_input",
      message: "changes.tags.web: Flux would refuse this pattern: missing closing ): `(`",
    });
    // JavaScript would take it; Go has no look-ahead.
    const preview = await here.failure("flux.policy.preview", change({ tagAll: "regexp:^(?=v)" }));
    expect(preview).toMatchObject({
      code: "invalid_input",
      details: { fields: [{ path: "changes.tagAll", message: expect.stringContaining("(?=") }] },
    });
    expect((await here.failure("flux.policy.update", change({}))).message).toContain("say what to change");
  });
});

describe("a daemon", () => {
  it("syncs now, and that is verified when all is applied", async () => {
    daemon.state.repository.commit("by hand");
    const activity = await here.settles("flux.sync.start", { ...onShop, user, message: "" }, "verified");
    expect(activity.message).toContain("is applied");
    expect(daemon.state.repository.marker).toBe(daemon.state.repository.head.revision);
  });

  it("whose repository is not ready is not asked to sync", async () => {
    Object.assign(daemon.state.repository, {
      status: "unreachable",
      errors: "permission denied (publickey)",
    });
    const { failure } = await here.leftBehind("flux.sync.start", onShop);
    expect(failure.message).toContain("permission denied (publickey)");
    const row = await here.output("flux.daemons.get", onShop);
    expect(row.warnings).toEqual(["Its git repository is unreachable: permission denied (publickey)"]);
    expect(row.sync).toMatchObject({
      state: "unknown",
      message: expect.stringContaining("git repo not ready"),
    });
  });

  it("is told of images and commits", async () => {
    await here.settles("flux.notify", { ...onShop, change: { kind: "image", image } }, "confirmed");
    expect(daemon.notices).toEqual([image]);
    const { revision } = daemon.state.repository.commit("by hand");
    await here.settles("flux.notify", { ...onShop, change: { kind: "git" } }, "confirmed");
    const sync = await here.output("flux.sync.get", { ...onShop, revision });
    expect(["applied", "pending"]).toContain(sync.state);
  });

  it("makes a new key, which is read back", async () => {
    const before = await here.output("flux.repo.get", onShop);
    const activity = await here.settles("flux.repo.rotate-key", onShop, "verified");
    const after = await here.output("flux.repo.get", onShop);
    expect(after.publicKey).not.toBe(before.publicKey);
    expect(activity.reply).toEqual({ publicKey: after.publicKey });
  });

  it("exports YAML as one would keep it, or as it came", async () => {
    const { text } = await here.output("flux.export.get", onShop);
    expect(text).toContain(`image: ${image}:2.4.1`);
    expect(text).toContain("team: payments");
    expect(text).not.toMatch(/status:|uid:|creationTimestamp|deployment.kubernetes.io/);
    expect((await here.output("flux.export.get", { ...onShop, raw: true })).text).toContain(
      "creationTimestamp: null",
    );
  });

  it("lists images with what runs from the cluster", async () => {
    const rows = await here.output("flux.images.list", { ...onShop, workload: checkout });
    expect(rows).toMatchObject([
      {
        workloadId: checkout,
        container: "web",
        running: `${image}:2.4.1`,
        pattern: "semver:~2.4",
        counts: { available: 3 },
      },
    ]);
  });

  it("lists images without every tag where nobody wants them: the counts are the same", async () => {
    const query = { ...onShop, workload: checkout };
    const [row] = await here.output("flux.images.list", { ...query, tags: false });
    const [whole] = await here.output("flux.images.list", query);
    expect(whole?.available).toHaveLength(3);
    expect(row).toEqual({ ...whole, available: [] });
  });
});
