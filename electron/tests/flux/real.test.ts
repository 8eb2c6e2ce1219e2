import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { OperationName } from "../../../shared/catalogue.ts";
import type { Activity } from "../../../shared/contract/index.ts";
import { FluxUnderTest } from "../../testing/flux.ts";
import { RealPrograms } from "../../testing/real-programs.ts";

/** Path of a real daemon, set by `npm run interop -- flux`. */
const program = process.env.SWITCHYARD_FLUXD;
const checkout = "shop:deployment/checkout";
const image = "registry.example.test/shop/checkout";
const onShop = { daemonId: "shop" };
const user = "Ines Okafor <ines@example.test>";

describe.runIf(program)("a real Flux daemon", () => {
  let here: FluxUnderTest;
  let programs: RealPrograms;

  beforeAll(async () => {
    programs = new RealPrograms();
    here = await FluxUnderTest.start({ waits: { jobMs: 60_000, syncMs: 60_000, askedMs: 30_000 } });
    const { token } = await here.output("flux.daemons.add", { daemonId: "shop", name: "shop" });
    const { url = "" } = await here.output("flux.listener.get");
    programs.run(program as string, ["--connect", url, "--token", token, "--folder", programs.folder]);
    await vi.waitFor(() => here.isRead("shop"), { timeout: 60_000, interval: 500 });
    // It clones and tries to push first.
    await vi.waitFor(
      async () => expect(await here.output("flux.repo.get", onShop)).toMatchObject({ status: "ready" }),
      { timeout: 60_000, interval: 500 },
    );
  }, 180_000);
  afterAll(async () => {
    await programs?.close();
    await here?.close();
  });

  /** A real daemon syncs when it comes to it. */
  async function settles(name: OperationName, input: object): Promise<Activity> {
    const { id } = (await here.output(name, input)) as Activity;
    const isVerified = async () => expect(await here.activity(id)).toMatchObject({ state: "verified" });
    await vi.waitFor(isVerified, { timeout: 90_000, interval: 200 });
    return here.activity(id);
  }

  it("tells its version, its repository and its workloads", async () => {
    const row = (await here.output("flux.daemons.list")).find(({ id }) => id === "shop");
    expect(row).toMatchObject({ status: "connected", version: "1.25.4" });
    const workloads = await here.output("flux.workloads.list", onShop);
    expect(workloads.map(({ id }) => id)).toEqual([checkout]);
  });

  it("is released to: worked out first, then confirmed by its job and verified by what runs", async () => {
    const release = { kind: "image", workloads: [checkout], image: `${image}:1.1.0` };
    const preview = await here.output("flux.release.preview", { ...onShop, release });
    expect(preview.changes).toBe(1);
    const activity = await settles("flux.release", { ...onShop, release, user, message: "Checkout 1.1" });
    expect(activity.message).toContain("is applied");
    const events = await here.output("flux.events.list", onShop);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["release", "sync", "commit"]));
  }, 120_000);

  it("is released to by container, and goes on syncing afterwards", async () => {
    const updates = { [checkout]: [{ container: "web", target: `${image}:1.2.0` }] };
    const release = { kind: "containers", updates };
    await settles("flux.release", { ...onShop, release, user, message: "" });
    await settles("flux.sync.start", { ...onShop, user });
  }, 120_000);

  it("locks a workload, and says so in its list", async () => {
    const change = { ...onShop, workloads: [checkout], changes: { locked: true }, user, message: "" };
    await settles("flux.policy.update", change);
    await vi.waitFor(
      async () => {
        const [row] = await here.output("flux.workloads.list", onShop);
        expect(JSON.stringify(row)).toContain("locked");
      },
      { timeout: 30_000, interval: 500 },
    );
  }, 120_000);
});
