import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Redis } from "iovalkey";
import { connect } from "nats";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SimulatedForge } from "../../playground/forge/forge.ts";
import { Faults } from "../../playground/kit/faults.ts";
import { type OperationName, operations, requestsPerSecond } from "../../shared/catalogue.ts";
import { forgeTargetSchema } from "../../shared/connections/forge-target.ts";
import type { ProfileOf } from "../../shared/connections/schema.ts";
import {
  type Clock,
  pacedMs,
  type Refresh,
  type Refreshed,
  refreshedOf,
} from "../../shared/contract/index.ts";
import { Scope } from "../connections/scope.ts";
import { forgeSystem } from "../forge/system.ts";
import type { UnderTest } from "../testing/console.ts";
import { ConsoleUnderTest } from "../testing/console-files.ts";
import { FlowfabricUnderTest } from "../testing/flowfabric.ts";
import { checkout, FluxUnderTest, releaseOf } from "../testing/flux.ts";
import { ForgeUnderTest } from "../testing/forge.ts";

type System = keyof typeof requestsPerSecond;
type Inputs = Record<string, object>;

let requests = 0;
const count = () => {
  requests += 1;
};
const ends: (() => unknown)[] = [];

beforeAll(() => subscribe("http.server.request.start", count));
afterAll(() => unsubscribe("http.server.request.start", count));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The queries of a system that pages read again by themselves, and ask the far system for. */
function refreshedNames(system: System): string[] {
  return Object.entries(operations).flatMap(([name, operation]) => {
    if (!name.startsWith(`${system}.`) || operation.kind !== "query") return [];
    const { refresh } = operation;
    return typeof refresh === "object" && !("requests" in refresh && refresh.requests === 0) ? [name] : [];
  });
}

/** What an answer takes of the far system, and what it is declared to; the link's own probes may fall in between, so the least counts. */
async function measure(here: UnderTest, name: string, input: object) {
  let least = Number.POSITIVE_INFINITY;
  let answer: unknown;
  for (let round = 0; round < 3; round += 1) {
    requests = 0;
    answer = await here.output(name as OperationName, input);
    least = Math.min(least, requests);
  }
  const { refresh } = operations[name as OperationName] as { refresh: Refresh };
  const declared = refreshedOf(name, refresh, answer) as Refreshed;
  return { name, measured: least, declared };
}

/** Everything of a system shown at once, which no page does: all of it together stays below one request a second. */
async function expectAffordable(system: System, here: UnderTest, inputs: Inputs): Promise<void> {
  expect(Object.keys(inputs).sort()).toEqual(refreshedNames(system).sort());
  const costs = [];
  for (const [name, input] of Object.entries(inputs)) costs.push(await measure(here, name, input));
  for (const { name, measured, declared } of costs) {
    expect(measured, `${name} is counted`).toBeGreaterThan(0);
    expect(declared.requests, `${name} declares what it takes`).toBeGreaterThanOrEqual(measured);
  }
  const shown = costs.map(({ declared }) => declared);
  const perMinute = costs.map(({ measured, declared }) => {
    const everyMs = pacedMs(declared, shown, requestsPerSecond[system]);
    return (measured * 60_000) / everyMs;
  });
  expect(perMinute.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(60);
}

test("a FlowFabric server is asked less than once a second, whatever is shown", async () => {
  const send = Redis.prototype.sendCommand;
  const simulators = new Set<Redis>();
  let connected = false;
  const sent = vi.spyOn(Redis.prototype, "sendCommand").mockImplementation(function (this: Redis, ...call) {
    if (!connected) simulators.add(this);
    else if (!simulators.has(this)) count();
    return send.apply(this, call);
  });
  ends.push(() => sent.mockRestore());
  const here = await FlowfabricUnderTest.start();
  ends.push(() => here.close());
  connected = true;
  await here.connect();
  const { rows } = await here.output("flowfabric.executions.list");
  const executionId = rows[0]?.id ?? "";
  const { ids } = await here.output("flowfabric.budgets.list");
  await expectAffordable("flowfabric", here, {
    "flowfabric.executions.list": { limit: 1_000 },
    "flowfabric.executions.get": { executionId },
    "flowfabric.executions.state": { executionId },
    "flowfabric.executions.stream": { executionId, attempt: 0 },
    "flowfabric.waitpoints.list": { executionId },
    "flowfabric.waitpoints.scan": {},
    "flowfabric.leases.expired": {},
    "flowfabric.partitions.list": {},
    "flowfabric.health": {},
    "flowfabric.metrics": {},
    "flowfabric.budgets.list": {},
    "flowfabric.budgets.get": { budgetId: ids[0] },
  });
});

test("a jobs server is asked less than once a second, whatever is shown", async () => {
  const here = await ForgeUnderTest.start();
  ends.push(() => here.close());
  const [job] = here.forge.store.jobs.keys();
  await expectAffordable("forge", here, {
    "forge.server.get": {},
    "forge.queues.list": {},
    "forge.processes.list": {},
    "forge.workers.list": {},
    "forge.jobs.list": { filter: {}, limit: 100, offset: 0 },
    "forge.jobs.failed": {},
    "forge.jobs.scheduled": {},
    "forge.jobs.get": { id: job },
    "forge.cron.list": {},
    "forge.metrics.get": {},
  });
});

test("what a jobs server is asked for its topic of queues leaves its pages their share", async () => {
  const forge = await SimulatedForge.start({ calm: true });
  ends.push(() => forge.stop());
  const scope = new Scope(() => undefined);
  ends.push(() => scope.end());
  const timers = new Map<() => void, number>();
  let now = 0;
  const after = (milliseconds: number, run: () => void) => {
    timers.set(run, now + milliseconds);
    return () => timers.delete(run);
  };
  const clock: Clock = { now: () => now, after, every: after };
  const recorder = { append: () => undefined };
  const target = forgeTargetSchema.parse({ url: forge.url });
  const system = forgeSystem({ recorder, clock, onError: () => undefined });
  const session = await system.connect({ target } as ProfileOf<"forge">, {}, scope);
  // One timer reads the queues again, the other records their figures.
  const isAtRest = () => expect(timers.size).toBe(2);
  ends.push(session.follow(() => undefined));
  await vi.waitFor(isAtRest);
  requests = 0;
  for (; now < 60_000; now += 1_000) {
    for (const [run, at] of timers) if (at <= now && timers.delete(run)) run();
    await vi.waitFor(isAtRest);
  }
  expect(requests).toBeGreaterThan(30);
  expect(requests / 60).toBeLessThanOrEqual(1 - requestsPerSecond.forge);
});

test("a Flux daemon is asked less than once a second, whatever is shown", async () => {
  const take = Faults.prototype.take;
  const calls = vi.spyOn(Faults.prototype, "take").mockImplementation(function (
    this: Faults<never>,
    ...call: Parameters<typeof take>
  ) {
    // Each call of the daemon is asked once whether it is to be late.
    if (String(call[0]) === "delay") count();
    return take.apply(this, call);
  });
  ends.push(() => calls.mockRestore());
  const here = await FluxUnderTest.start();
  ends.push(() => here.close());
  // A job that has ended is known, and not asked for again.
  await here.daemon("shop", { jobMs: 600_000 });
  const { reply } = await here.settles("flux.release", releaseOf("2.4.3"), "acknowledged");
  const { jobId } = reply as { jobId: string };
  await expectAffordable("flux", here, {
    "flux.workloads.list": { daemonId: "shop" },
    "flux.images.list": { daemonId: "shop", workload: checkout },
    "flux.jobs.get": { daemonId: "shop", jobId },
  });
});

test("a lattice is asked less than once a second, whatever is shown", async () => {
  const here = await ConsoleUnderTest.start();
  ends.push(() => here.close());
  await here.follow();
  const { natsUrl, natsToken } = here.playground;
  const nats = await connect({ servers: natsUrl, ...(natsToken !== undefined && { token: natsToken }) });
  ends.push(() => nats.close());
  nats.subscribe("wasmbus.ctl.>", { callback: count });
  await nats.flush();
  const lattice = here.playground.lattices[0]?.name;
  await expectAffordable("lattice", here, {
    "lattice.claims.list": { lattice },
    "lattice.configs.preview-put": { lattice, name: "cart", values: {} },
  });
});
