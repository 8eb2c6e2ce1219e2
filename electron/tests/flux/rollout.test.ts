import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import type { SimulatedWorkload } from "../../../playground/flux/workload.ts";
import { checkout, FluxUnderTest, legacy, releaseOf, user } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

afterEach(() => here.close());

async function begin(syncMs: number, syncWaitMs = 20_000): Promise<void> {
  here = await FluxUnderTest.start({ waits: { syncMs: syncWaitMs } });
  daemon = await here.daemon("shop", { syncMs });
}

function workloadOf(name: string): SimulatedWorkload {
  const found = daemon.state.workloads.find((one) => one.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

describe("a release whose commit is applied", () => {
  it("is verified only when every replica has the new image", async () => {
    await begin(300);
    workloadOf("checkout").replicas = 20;
    await here.settles("flux.release", releaseOf("2.5.0"), "verified");
    const { updated, replicas } = workloadOf("checkout");
    expect(updated).toBe(replicas);
  });

  it("names those that were asked for and passed over, with the reason", async () => {
    await begin(20);
    const release = releaseOf("2.5.0", { workloads: [checkout, legacy] });
    const activity = await here.settles("flux.release", release, "verified");
    expect(activity.message).toContain(`Passed over: ${legacy} (locked).`);
  });

  it("fails with the cluster's reason when the rollout fails", async () => {
    await begin(20);
    workloadOf("checkout").messages.push("Back-off pulling image");
    const activity = await here.settles("flux.release", releaseOf("2.5.0"), "failed");
    expect(activity.message).toContain("is applied");
    expect(activity.message).toContain(`the rollout of ${checkout} fails: Back-off pulling image`);
  });

  it("stays confirmed, and says how far it is, when the rollout takes longer than anybody waits", async () => {
    await begin(20, 400);
    workloadOf("checkout").replicas = 1_000;
    const { id } = await here.settles("flux.release", releaseOf("2.5.0"), "confirmed");
    await vi.waitFor(async () => expect((await here.activity(id)).message).toMatch(/\d+ of 1000 updated/));
    expect((await here.activity(id)).state).toBe("confirmed");
  });
});

describe("a sync that applies not everything", () => {
  beforeEach(() => begin(20));

  it("is no success: what could not be applied is named, with the reason", async () => {
    workloadOf("checkout").syncError = "field is immutable";
    const activity = await here.settles("flux.sync.start", { daemonId: "shop", user, message: "" }, "failed");
    expect(activity.message).toContain(`Not everything could be: ${checkout} (field is immutable).`);
  });
});
