import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { publishScaled } from "../../../playground/lattice/commands/component-events.ts";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { type Playground, startPlayground } from "../../../playground/playground.ts";
import type { OutputFor } from "../../../shared/catalogue.ts";
import type { Activity, ActivityState } from "../../../shared/contract/index.ts";
import { bundleHeadless, HeadlessUnderTest } from "../../testing/headless.ts";

// Three processes, one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

type Recorded = OutputFor<"activity.get">;

const componentId = "newcomer";
const imageReference = "registry.example.test/shop/newcomer:1.0.0";
const reason = "just before the power cut";

/** Seconds that a start may take: never over, or over at once, however busy the machine is. */
const aDay = "86400";
const noTime = "0.001";

let folder: string;
let bundle: string;
let data: string;
let playground: Playground;
let host: SimulatedHost;
let hostPath: string;
let nats: NatsConnection;
let requests: string[];
let here: HeadlessUnderTest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-kill-"));
  bundle = await bundleHeadless(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  data = mkdtempSync(join(folder, "data-"));
  playground = await startPlayground({ calm: true, staging: false, hosts: 2, heartbeatMilliseconds: 60_000 });
  // The other one announces no failures, so that a reading alone settles less of it.
  const [silent, announcing] = playground.hosts as [SimulatedHost, SimulatedHost];
  await silent.stop();
  host = announcing;
  hostPath = `/connections/here/lattice/hosts/${host.id}`;
  nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
  requests = [];
  nats.subscribe("wasmbus.ctl.v1.*.component.scale.>", {
    callback: (_error, { subject }) => requests.push(subject),
  });
  await nats.flush();
  await start();
  const authentication = { method: "token" };
  // Nothing that is held may end by itself before the kill.
  const target = { addresses: [playground.natsUrl], requestTimeoutMs: 120_000, authentication };
  const identity = { name: "Here", color: "#123456", environment: "TEST" };
  const profile = { ...identity, guard: "open", system: "lattice", target };
  await here.call("PUT", "/connections/here", { profile, secrets: { token: playground.natsToken } });
  await here.call("POST", "/connections/here/open", {});
  await live();
});
afterEach(async () => {
  await here.kill();
  await nats.close();
  await playground.stop();
});

async function start(imageWait = aDay): Promise<void> {
  here = await HeadlessUnderTest.start(bundle, data, { args: ["--image-wait", imageWait] });
}

function live(): Promise<void> {
  return vi.waitFor(async () => {
    const lattices = await here.call("GET", "/connections/here/lattice/lattices");
    expect(lattices).toMatchObject([{ phase: "live", hosts: { live: 1 } }]);
  });
}

/** Starts three of the component; what is held is broken off by the kill. */
function startComponent(): Promise<unknown> {
  const path = `${hostPath}/components/${componentId}/start`;
  const headers = { "Switchyard-Reason": reason };
  return here.call("POST", path, { imageReference, maxInstances: 3 }, headers).catch(() => "broken");
}

/** What the host does because of somebody else. */
function scaleTo(count: number): Promise<unknown> {
  const command = { component_id: componentId, component_ref: imageReference, host_id: host.id, count };
  return host.execute("component.scale", command);
}

function carriedOut(): Promise<void> {
  return vi.waitFor(() => expect(host.context.state.components.get(componentId)?.count).toBe(3));
}

/** The activity with its records, once it is in this state. */
async function inState(state: ActivityState): Promise<Recorded> {
  const { id } = await vi.waitFor(async () => {
    const [activity] = (await here.call("GET", `/activity?state=${state}`)) as Activity[];
    if (!activity) throw new Error(`nothing is ${state}`);
    return activity;
  });
  return recorded(id);
}

async function recorded(id: string): Promise<Recorded> {
  return (await here.call("GET", `/activity/${id}`)) as Recorded;
}

/** Kills the console, lets something happen meanwhile, and starts another one on its folder. */
async function restart(imageWait?: string, meanwhile?: () => Promise<unknown>): Promise<void> {
  await here.kill();
  host.faults.clear();
  await meanwhile?.();
  await start(imageWait);
  await live();
}

/** What the console makes of the activity; all that was known of it before the kill is known still. */
async function kept({ activity: before, records }: Recorded): Promise<Activity> {
  const all = (await here.call("GET", "/activity")) as Activity[];
  expect(all.map(({ id }) => id)).toEqual([before.id]);
  const after = await recorded(before.id);
  expect(after.records.slice(0, records.length)).toEqual(records);
  const { state, message, steps, updatedAt, ...rest } = before;
  expect(rest).toMatchObject({ reason, connectionId: "here", input: { componentId, maxInstances: 3 } });
  expect(after.activity).toMatchObject(rest);
  expect(after.activity.steps.slice(0, steps.length)).toEqual(steps);
  return after.activity;
}

async function reconcile({ id }: Activity): Promise<Activity> {
  return (await here.call("POST", `/activity/${id}/reconcile`, {})) as Activity;
}

/** Counts the requests of all consoles so far: whatever this one has sent goes before its reading of the host. */
async function expectSent(count: 0 | 1): Promise<void> {
  await here.call("GET", hostPath);
  await nats.flush();
  const once = `wasmbus.ctl.v1.default.component.scale.${host.id}`;
  expect(requests).toEqual(Array.from({ length: count }, () => once));
}

function statesOf({ steps }: Activity): ActivityState[] {
  return steps.map(({ state }) => state);
}

test("killed while recorded: it failed, for it was never sent", async () => {
  host.faults.add({ kind: "silent", on: "host.get" });
  const call = startComponent();
  const before = await inState("recorded");
  await restart();
  expect(await call).toBe("broken");

  const after = await kept(before);
  expect(after).toMatchObject({ state: "failed", message: "The console stopped before this was sent." });
  expect(statesOf(after)).toEqual(["recorded", "failed"]);
  await expect(reconcile(after)).rejects.toThrow("there is nothing to settle");
  await expectSent(0);
});

test("killed while sent, and the host did it: unknown, until a reading verifies it", async () => {
  host.faults.add({ kind: "silent", on: "component.scale", execute: true });
  const call = startComponent();
  const before = await inState("sent");
  await carriedOut();
  await restart();
  expect(await call).toBe("broken");

  const after = await kept(before);
  expect(after.message).toContain("it may have happened");
  expect(statesOf(after)).toEqual(["recorded", "sent", "unknown"]);
  expect(statesOf(await reconcile(after))).toEqual(["recorded", "sent", "unknown", "verified"]);
  await expectSent(1);
});

test("killed while sent, and the host never did it: unknown, and failed once the waiting time is over", async () => {
  host.faults.add({ kind: "silent", on: "component.scale" });
  const call = startComponent();
  const before = await inState("sent");
  await vi.waitFor(() => expectSent(1));
  await restart();
  expect(await call).toBe("broken");

  const early = await reconcile(await kept(before));
  expect(early).toMatchObject({ state: "unknown", message: expect.stringContaining("still be under way") });
  const again = await recorded(early.id);
  await restart(noTime);
  expect(await kept(again)).toEqual(early);
  const failed = await reconcile(early);
  expect(failed.message).toContain("does not run");
  expect(statesOf(failed)).toEqual(["recorded", "sent", "unknown", "failed"]);
  await expectSent(1);
});

test("killed while acknowledged: unknown, until a reading verifies it", async () => {
  host.faults.add({ kind: "dropEvents" });
  expect(await startComponent()).toMatchObject({ state: "acknowledged" });
  await carriedOut();
  const before = await inState("acknowledged");
  await restart();

  const after = await kept(before);
  expect(after.message).toContain("it may have happened");
  expect(statesOf(after)).toEqual(["recorded", "sent", "acknowledged", "unknown"]);
  expect(await reconcile(after)).toMatchObject({ state: "verified" });
  await expectSent(1);
});

/** Held between the event that confirms it and the reading that verifies it. */
async function confirmed(): Promise<Recorded> {
  host.faults.add({ kind: "dropEvents" });
  expect(await startComponent()).toMatchObject({ state: "acknowledged" });
  await carriedOut();
  host.faults.clear();
  host.faults.add({ kind: "silent", on: "host.get" });
  const facts = { id: componentId, count: 3, reference: imageReference, annotations: {}, hostId: host.id };
  publishScaled(host.context, facts);
  return inState("confirmed");
}

test("killed while confirmed: it stays so, until a reading verifies it", async () => {
  const before = await confirmed();
  await restart();

  expect(await kept(before)).toEqual(before.activity);
  const verified = await reconcile(before.activity);
  expect(statesOf(verified)).toEqual(["recorded", "sent", "acknowledged", "confirmed", "verified"]);
  await expectSent(1);
});

test("killed while confirmed, and changed since: not failed, though the waiting time is over", async () => {
  const before = await confirmed();
  await restart(noTime, () => scaleTo(0));

  const changed = await reconcile(await kept(before));
  expect(changed.message).toMatch(/It was confirmed, and the state has changed since: .*does not run/);
  expect(changed.state).toBe("confirmed");
  await scaleTo(3);
  expect(await reconcile(changed)).toMatchObject({ state: "verified" });
  await expectSent(1);
});
