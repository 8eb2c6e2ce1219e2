import { afterEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { FluxUnderTest, image, releaseOf, user } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

afterEach(() => here.close());

const redis = "infra:helmrelease/redis";
const syncNow = { daemonId: "shop", user, message: "" };

async function begin(syncMs = 20_000): Promise<void> {
  here = await FluxUnderTest.start({ waits: { syncMs } });
  daemon = await here.daemon("shop");
}

describe("a HelmRelease with its new image", () => {
  async function withStatus(helmStatus: string, syncMs = 3_000): Promise<void> {
    await begin(syncMs);
    daemon.state.workloads.push(workload(redis, { "chart-image": `${image}:2.4.1` }, { helmStatus }));
  }
  const release = releaseOf("2.5.0", { workloads: [redis] });

  it("is verified when its operator says that it is deployed", async () => {
    await withStatus("deployed", 20_000);
    await here.settles("flux.release", release, "verified");
  });

  it("has failed when its operator still says so at the end", async () => {
    await withStatus("failed");
    const activity = await here.settles("flux.release", release, "failed");
    expect(activity.message).toContain(`the Helm operator says that ${redis} failed`);
  });

  it("is waited for where the word may be of the release before", async () => {
    await withStatus("failed", 20_000);
    const { id } = await here.settles("flux.release", release, "confirmed");
    Object.assign(daemon.state.workloads.at(-1) ?? {}, { helmStatus: "deployed" });
    await here.reaches(id, "verified");
  });

  it.each(["", "pending-upgrade", "superseded"])("stays open while its operator says %j", async (word) => {
    await withStatus(word);
    const { id } = await here.settles("flux.release", release, "confirmed");
    await vi.waitFor(async () =>
      expect((await here.activity(id)).message).toContain("does not prove that it is deployed"),
    );
  });
});

describe("a sync", () => {
  it("whose revision came with a newer one is judged by what failed in both", async () => {
    await begin();
    const older = daemon.state.repository.commit("bad resource").revision;
    daemon.state.workloads.push(
      workload("shop:deployment/bad", {}, { syncError: "selector does not match", exists: false }),
    );
    daemon.state.repository.commit("selector mismatch");
    await daemon.sync();
    // The head is the newer one; asked for was the older one before, as its activity knows.
    daemon.state.repository.lastVerified = older;
    const activity = await here.settles("flux.sync.start", syncNow, "unknown");
    expect(activity.message).toContain("not verified");
    daemon.state.repository.lastVerified = undefined;
    const failed = await here.settles("flux.sync.start", syncNow, "failed");
    expect(failed.message).toContain("shop:deployment/bad (selector does not match)");
  });

  it("of an unsigned head is no success: what is newer than the last signed commit is not applied", async () => {
    await begin();
    const { revision } = daemon.state.repository.commit("signed");
    daemon.state.repository.lastVerified = revision;
    daemon.state.repository.commit("not signed");
    const activity = await here.settles("flux.sync.start", syncNow, "unknown");
    expect(activity.message).toContain(`The last verified commit was ${revision.slice(0, 8)}`);
    expect(activity.message).toContain("sign it, and sync again");
    // Somebody signs.
    daemon.state.repository.lastVerified = undefined;
    await daemon.sync();
    const settled = await here.output("activity.reconcile", { activityId: activity.id });
    expect(settled).toMatchObject({ state: "verified" });
  });

  it("is dated when it was told, not when it began", async () => {
    await begin();
    daemon.state.repository.commit("by hand");
    await daemon.sync();
    const [event] = await here.output("flux.events.list", { daemonId: "shop" });
    const { sync } = await here.output("flux.daemons.get", { daemonId: "shop" });
    expect(sync?.lastSyncAt).toBe(event?.receivedAt);
    expect(sync?.lastSyncAt).not.toBe(event?.endedAt);
  });
});
