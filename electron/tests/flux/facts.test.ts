import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import type { Activity } from "../../../shared/contract/index.ts";
import { FluxUnderTest, releaseOf } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

beforeEach(async () => {
  here = await FluxUnderTest.start();
  daemon = await here.daemon("shop");
});
afterEach(() => here.close());

const onShop = { daemonId: "shop" };

/** What was recorded of them; the daemons' tokens are on record too. */
async function notices(): Promise<Activity[]> {
  return (await here.output("activity.list")).filter(({ operation }) => operation === "flux.notify");
}

describe("what a daemon has applied", () => {
  it("is asked of the branch that it follows, not of the remote's default branch", async () => {
    daemon.state.repository.branch = "production";
    const row = await here.output("flux.daemons.get", onShop);
    expect(row).toMatchObject({ repository: { branch: "production" }, sync: { state: "applied" } });
    expect(await here.output("flux.sync.get", onShop)).toMatchObject({ state: "applied" });
    expect(await here.output("flux.sync.get", { ...onShop, revision: "HEAD" })).toMatchObject({
      state: "pending",
    });
  });

  it("is still known when the console was restarted: the last sync is among the kept events", async () => {
    await here.settles("flux.release", releaseOf("2.5.0"), "verified");
    const before = (await here.output("flux.daemons.get", onShop)).sync;
    daemon.stop();
    await here.reopen();
    const [row] = await here.output("flux.daemons.list");
    expect(row?.lastEventAt).toBeDefined();
    const again = await here.dial("shop", (await here.output("flux.daemons.renew-token", onShop)).token);
    const { sync } = await here.output("flux.daemons.get", onShop);
    expect(sync).toMatchObject({ lastSyncAt: before?.lastSyncAt, lastRevision: before?.lastRevision });
    again.stop();
  });
});

describe("a daemon that does not answer everything", () => {
  it("shows what it did answer at once, and what is missing", async () => {
    daemon.faults.add({ kind: "hang", on: "ListServices" });
    daemon.state.repository.url = "ssh://git@git.example.com/shop/moved";
    daemon.disconnect();
    await vi.waitFor(async () => {
      const [row] = await here.output("flux.daemons.list");
      expect(row).toMatchObject({
        registrations: 2,
        status: "connected",
        version: "1.25.4",
        repository: { url: "ssh://git@git.example.com/shop/moved" },
        sync: { state: "applied" },
      });
    });
  });

  it("keeps the repository that it told of before, and says what it does not tell now", async () => {
    daemon.faults.add({ kind: "error", on: "GitRepoConfig", message: "the secret is gone" });
    const row = await here.output("flux.daemons.get", onShop);
    expect(row.repository?.url).toBe("ssh://git@git.example.com/shop/config");
    expect(row.warnings).toEqual(["The last reading is not whole: GitRepoConfig: the secret is gone"]);
    daemon.faults.clear();
    expect((await here.output("flux.daemons.get", onShop)).warnings).toEqual([]);
  });
});

describe("a password in an address", () => {
  const address = "https://robot:hunter2@git.example.com/shop/config";

  it("that git repeats in its words is not shown, nor written down", async () => {
    Object.assign(daemon.state.repository, {
      url: address,
      status: "unreachable",
      errors: `fatal: unable to access '${address}/': 403`,
    });
    const row = await here.output("flux.daemons.get", onShop);
    const { activity, failure } = await here.leftBehind("flux.sync.start", onShop);
    expect(failure.message).toContain("https://git.example.com/shop/config");
    expect(JSON.stringify([row, activity, failure])).not.toContain("hunter2");
  });

  it("is refused in a notice, before it is written down", async () => {
    const change = { kind: "git", url: address };
    const failure = await here.failure("flux.notify", { ...onShop, change });
    expect(failure).toMatchObject({ code: "invalid_input", message: expect.stringContaining("password") });
    expect(await notices()).toEqual([]);
  });
});

describe("a time that is none", () => {
  it("is left out, of images and of events", async () => {
    daemon.state.registry.publish("registry.example.com/shop/checkout:2.6.0", "0001-01-01T00:00:00Z");
    daemon.state.registry.publish("registry.example.com/shop/checkout:2.7.0", "yesterday");
    const [row] = await here.output("flux.images.list", { ...onShop, workload: "shop:deployment/checkout" });
    const times = row?.available.map(({ createdAt }) => createdAt) ?? [];
    expect(times).toHaveLength(5);
    expect(times.filter((time) => time === undefined)).toHaveLength(2);

    await daemon.post({ id: 0, serviceIDs: null, type: "sync", startedAt: "now", endedAt: "soon" });
    const [event] = await here.output("flux.events.list", onShop);
    expect(event).toMatchObject({ type: "sync" });
    expect(event?.endedAt).toBeUndefined();
    const { sync } = await here.output("flux.daemons.get", onShop);
    expect(sync?.lastSyncAt).toBe(event?.receivedAt);
  });
});

describe("a notice of a git change", () => {
  it.each([
    "",
    "ssh://git@git.example.com/shop/config",
    "https://git.example.com/shop/config.git",
    "git@git.example.com:shop/config",
  ])(
    "of another branch of the daemon's own repository (%j) is refused: the daemon would ignore it",
    async (url) => {
      const { failure } = await here.leftBehind("flux.notify", {
        ...onShop,
        change: { kind: "git", url, branch: "dev" },
      });
      expect(failure).toMatchObject({
        code: "conflict",
        message: "shop would ignore this: of its repository it follows main, and not dev.",
      });
    },
  );
});

describe("notices of images", () => {
  it("that are not answered are not followed by more, which would block the daemon", async () => {
    daemon.faults.add({ kind: "hang", on: "NotifyChange" });
    const change = { kind: "image", image: "registry.example.com/shop/checkout" };
    for (let count = 0; count < 3; count++) void here.call("flux.notify", { ...onShop, change });
    await vi.waitFor(async () =>
      expect((await notices()).map(({ state }) => state)).toEqual(["sent", "sent", "sent"]),
    );
    const failure = await here.failure("flux.notify", { ...onShop, change });
    expect(failure).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("has not answered 3 notices of images yet"),
    });
  });
});
