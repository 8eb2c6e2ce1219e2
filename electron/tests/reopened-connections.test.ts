import { afterEach, describe, expect, it, vi } from "vitest";
import { startPlayground } from "../../playground/playground.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { ConsoleUnderTest } from "../testing/console-files.ts";
import { FluxUnderTest, releaseOf } from "../testing/flux.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const slowMs = 1_500;

describe("a start on a host that takes its time", () => {
  async function started() {
    const here = await ConsoleUnderTest.start({ waits: { coldMs: 20_000 } });
    cleanups.push(() => here.close());
    await here.follow();
    const host = here.host("1.9.2");
    host.faults.add({ kind: "scaleDelay", milliseconds: slowMs });
    const { id, state } = (await here.output("lattice.components.start", {
      hostId: host.id,
      componentId: "newcomer",
      imageReference: "registry.example.test/shop/newcomer:1.0.0",
      maxInstances: 3,
    })) as Activity;
    expect(state).toBe("acknowledged");
    return { here, id };
  }

  it("is seen to happen though the connection was closed and opened meanwhile", async () => {
    const { here, id } = await started();
    await here.output("connections.close");
    await here.output("connections.open");
    await here.reaches(id, "verified");
  });

  it("is seen to happen though the connection was edited meanwhile", async () => {
    const { here, id } = await started();
    await here.save("open", {
      name: "Renamed",
      target: { ...(await targetOf(here)), requestTimeoutMs: 600 },
    });
    await here.reaches(id, "verified");
  });

  it("is seen to have happened while the connection was closed", async () => {
    const { here, id } = await started();
    await here.output("connections.close");
    await vi.waitFor(() => expect(runs(here)).toBe(true));
    await here.output("connections.open");
    await here.reaches(id, "verified");
  });

  it("is seen to have happened while the broker was away", async () => {
    const { here, id } = await started();
    await here.playground.nats.kill();
    await vi.waitFor(() => expect(runs(here)).toBe(true));
    await here.playground.nats.restart();
    await here.reaches(id, "verified");
  });
});

it("a command is told nothing by another lattice that its connection leads to since", async () => {
  const here = await ConsoleUnderTest.start({ waits: { warmMs: 300 } });
  cleanups.push(() => here.close());
  await here.follow();
  const other = await startPlayground({ calm: true, staging: false, heartbeatMilliseconds: 60_000 });
  cleanups.push(() => other.stop());
  for (const host of here.playground.hosts) host.faults.add({ kind: "silent", on: "config.put" });
  const config = { name: "checkout", values: { LEVEL: "debug" } };
  const { activity } = await here.leftBehind("lattice.configs.put", config);
  expect(activity.state).toBe("unknown");
  const before = await targetOf(here);
  const target = { ...before, addresses: [other.natsUrl] };
  await here.save("open", { target }, "here", other.natsToken);
  await other.hosts[0]?.execute("config.put", config.values, config.name);
  const after = (await here.output("activity.reconcile", { activityId: activity.id })) as Activity;
  expect(after).toMatchObject({
    state: "unknown",
    message: expect.stringContaining("leads elsewhere since"),
  });

  // Nothing of the run that sent it is left after a restart but what the log holds.
  await here.restart();
  const reconcile = { activityId: activity.id };
  expect(await here.failure("activity.reconcile", reconcile)).toMatchObject({
    code: "conflict",
    message: expect.stringContaining("leads elsewhere since"),
  });
  expect(await here.activity(activity.id)).toMatchObject({ state: "unknown" });
  await here.playground.hosts[0]?.execute("config.put", config.values, config.name);
  await here.save("open", { target: before });
  await here.output("connections.open");
  expect(await here.output("activity.reconcile", reconcile)).toMatchObject({ state: "verified" });
});

function runs(here: ConsoleUnderTest): boolean {
  return here.host("1.9.2").context.state.components.get("newcomer") !== undefined;
}

async function targetOf(here: ConsoleUnderTest): Promise<object> {
  const row = (await here.output("connections.list")).find(({ profile }) => profile.id === "here");
  return row?.profile.target ?? {};
}

it("a release is followed to its end though the listener was closed and opened meanwhile", async () => {
  const here = await FluxUnderTest.start();
  cleanups.push(() => here.close());
  await here.daemon("shop", { jobMs: slowMs });
  const { id } = (await here.output("flux.release", releaseOf("2.5.0"))) as Activity;
  await here.output("connections.close");
  await here.output("connections.open");
  await here.reaches(id, "verified");
});

it("tokens that are made at the same time are all kept", async () => {
  const here = await FluxUnderTest.start();
  cleanups.push(() => here.close());
  const ids = ["shop", "infra", "edge", "lab"];
  await Promise.all(ids.map((id) => here.output("flux.daemons.add", { daemonId: id, name: id })));
  const rows = await here.output("flux.daemons.list");
  expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
});
