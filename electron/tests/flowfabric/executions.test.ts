import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ExecutionRow } from "../../../shared/flowfabric/execution-schema.ts";
import { FlowfabricUnderTest } from "../../testing/flowfabric.ts";

let here: FlowfabricUnderTest;

beforeEach(async () => {
  here = await FlowfabricUnderTest.start();
  await here.connect();
});
afterEach(() => here.close());

async function addTrouble(kind: "orphan" | "suspend"): Promise<string> {
  return ((await here.system.obey({ do: kind })) as { id: string }).id;
}

async function find(state: string): Promise<ExecutionRow> {
  const { rows } = await here.output("flowfabric.executions.list");
  const row = rows.find((each) => each.state.publicState === state);
  if (!row) throw new Error(`no execution is ${state}`);
  return row;
}

test("executions are read partition by partition, in pages that fit together", async () => {
  const whole = await here.output("flowfabric.executions.list");
  expect(whole).toMatchObject({ partitions: 256, partitionsFrom: "valkey", problems: [] });
  expect(whole.next).toBeUndefined();
  expect(whole.rows.length).toBeGreaterThan(30);
  const pieces: string[] = [];
  let next: { partition: number; cursor: string } | undefined;
  do {
    const page = await here.output("flowfabric.executions.list", { limit: 7, ...(next && { from: next }) });
    pieces.push(...page.rows.map(({ id }) => id));
    next = page.next;
  } while (next);
  expect(pieces).toEqual(whole.rows.map(({ id }) => id));
});

test("stuck work is told apart from work that goes on, although both are called active", async () => {
  const id = await addTrouble("orphan");
  const row = await here.output("flowfabric.executions.get", { executionId: id });
  expect(row.state.publicState).toBe("active");
  expect(row.diagnosis).toMatchObject({ level: "stuck", actions: ["reclaim", "cancel"] });
});

describe("a reclaim grant", () => {
  const worker = (workerId: string) => ({ workerId, workerInstanceId: `${workerId}-a`, lane: "default" });

  test("that a worker uses is confirmed by the new lease", async () => {
    const executionId = await addTrouble("orphan");
    const activity = await here.settles(
      "flowfabric.executions.reclaim",
      { executionId, ...worker("worker-1") },
      "verified",
    );
    expect(activity.message).toMatch(/A worker holds the lease now \(attempt 2\)/);
    expect(JSON.stringify(activity.reply)).not.toContain("grant_key");
  });

  test("that nobody uses fails when it has expired", async () => {
    const executionId = await addTrouble("orphan");
    const input = { executionId, ...worker("nobody"), grantTtlMs: 1_000 };
    const activity = await here.settles("flowfabric.executions.reclaim", input, "failed");
    expect(activity.message).toMatch(/nobody did not use the grant/);
  });

  test("is explained where there is none: state, missing capability, grant alive", async () => {
    const waiting = await find("waiting");
    const refused = await here.failure("flowfabric.executions.reclaim", {
      executionId: waiting.id,
      ...worker("worker-1"),
    });
    expect(refused).toMatchObject({
      code: "upstream_refused",
      message: expect.stringContaining("cannot be reclaimed in its present state"),
    });
    const executionId = await addTrouble("orphan");
    const input = { executionId, ...worker("nobody"), grantTtlMs: 60_000 };
    await here.output("flowfabric.executions.reclaim", input);
    const twice = await here.failure("flowfabric.executions.reclaim", input);
    expect(twice.message).toMatch(/grant for this execution is alive already/);
  });
});

test("a claim that finds nothing says what that means, and a good one is watched", async () => {
  const worker = { workerId: "worker-1", workerInstanceId: "worker-1-a", capabilities: ["gpu"] };
  const none = await here.failure("flowfabric.workers.claim", { ...worker, lane: "nowhere" });
  expect(none.message).toMatch(/no proof of an empty lane/);
  const waiting = await find("waiting");
  const activity = await here.settles(
    "flowfabric.workers.claim",
    { ...worker, lane: waiting.lane },
    "verified",
  );
  expect(activity.message).toMatch(/A worker holds the lease/);
});

test("cancel, replay, priority and revoke are read back", async () => {
  const { id: executionId } = await find("waiting");
  await here.settles("flowfabric.executions.priority", { executionId, priority: 77 }, "verified");
  await here.settles("flowfabric.executions.cancel", { executionId }, "verified");
  const again = await here.failure("flowfabric.executions.cancel", { executionId });
  expect(again.message).toMatch(/over already/);
  await here.settles("flowfabric.executions.replay", { executionId }, "verified");
  const { rows } = await here.output("flowfabric.executions.list");
  const leased = rows.find((row) => row.state.ownershipState === "leased");
  const revoked = await here.settles(
    "flowfabric.executions.revoke-lease",
    { executionId: leased?.id },
    "verified",
  );
  expect(revoked.message).toMatch(/parked/);
  const unknown = await here.failure("flowfabric.executions.revoke-lease", {
    executionId: "{fp:1}:00000000-0000-4000-8000-00000000ffff",
  });
  expect(unknown.message).toMatch(/also the answer for an execution that does not exist/);
});

test("waitpoints are counted by key; a signal uses the token and leaves it nowhere", async () => {
  const executionId = await addTrouble("suspend");
  const scan = await here.output("flowfabric.waitpoints.scan");
  expect(scan.byKey).toEqual([{ keyId: "k1", open: 7 }]);
  const [waitpoint] = await here.output("flowfabric.waitpoints.list", { executionId });
  const { token } = await here.output("flowfabric.waitpoints.token", {
    executionId,
    waitpointId: waitpoint?.id,
  });
  expect(token).toMatch(/^k1:[0-9a-f]{40}$/);
  const input = { executionId, waitpointId: waitpoint?.id, signalName: "approve", payload: "yes" };
  const activity = await here.settles("flowfabric.executions.signal", input, "verified");
  expect(JSON.stringify(activity)).not.toContain(token);
  expect(JSON.stringify(scan)).not.toContain(token);
  expect(here.filesWith(token)).toEqual([]);
  expect(here.log.join()).not.toContain(token);
});

test("output and results of executions are shown", async () => {
  const done = await find("completed");
  expect(await here.output("flowfabric.executions.result", { executionId: done.id })).toMatchObject({
    text: expect.stringContaining('"ok":true'),
    cut: false,
  });
  const { frames } = await here.output("flowfabric.executions.stream", { executionId: done.id, attempt: 0 });
  expect(frames).toHaveLength(3);
});

test("budgets are listed by Valkey, shown with their limits, and reset", async () => {
  const { ids, told } = await here.output("flowfabric.budgets.list");
  expect(told).toBe(true);
  expect(ids).toHaveLength(2);
  const budgetId = ids[1] as string;
  expect(await here.output("flowfabric.budgets.get", { budgetId })).toMatchObject({
    usage: { tokens: "940000" },
    hardLimits: { tokens: "1000000" },
    stub: false,
  });
  await here.settles("flowfabric.budgets.reset", { budgetId }, "verified");
  const unknown = await here.failure("flowfabric.budgets.reset", {
    budgetId: "11111111-1111-4111-8111-1111111111ff",
  });
  expect(unknown.code).toBe("not_found");
});

test("a budget is created, read back and listed; a quota policy rests on the server's word", async () => {
  const budgetId = "22222222-2222-4222-8222-222222222222";
  const budget = {
    budgetId,
    scopeType: "namespace",
    scopeId: "initech",
    enforcementMode: "strict",
    onHardLimit: "fail",
    onSoftLimit: "warn",
    resetIntervalMs: 3_600_000,
    dimensions: [
      { name: "tokens", hardLimit: 1_000, softLimit: 800 },
      { name: "calls", hardLimit: 0, softLimit: 50 },
    ],
  };
  await here.settles("flowfabric.budgets.create", budget, "verified");
  expect(await here.output("flowfabric.budgets.get", { budgetId })).toMatchObject({
    scopeId: "initech",
    hardLimits: { tokens: "1000", calls: "0" },
    softLimits: { tokens: "800", calls: "50" },
  });
  await vi.waitFor(
    async () => expect((await here.output("flowfabric.budgets.list")).ids).toContain(budgetId),
    5_000,
  );
  const twice = await here.failure("flowfabric.budgets.create", { ...budget, scopeId: "other" });
  expect(twice).toMatchObject({
    code: "upstream_refused",
    message: expect.stringContaining("exists already"),
  });
  const quotaId = "33333333-3333-4333-8333-333333333333";
  const quota = { quotaId, windowSeconds: 60, maxRequestsPerWindow: 100, maxConcurrent: 5 };
  const made = await here.settles("flowfabric.quotas.create", quota, "confirmed");
  expect(made.message).toBe(`The server says that the policy ${quotaId} exists now. No route reads it back.`);
  expect((await here.failure("flowfabric.quotas.create", quota)).message).toMatch(/exists already/);
});

test("a budget with one dimension twice is refused before anything is sent", async () => {
  const dimension = { name: "tokens", hardLimit: 1, softLimit: 1 };
  const words = { scopeType: "namespace", scopeId: "acme", enforcementMode: "strict" };
  const rest = { onHardLimit: "fail", onSoftLimit: "warn", resetIntervalMs: 0 };
  const wrong = { ...words, ...rest, budgetId: "22222222-2222-4222-8222-222222222222" };
  const refused = await here.failure("flowfabric.budgets.create", {
    ...wrong,
    dimensions: [dimension, dimension],
  });
  expect(refused).toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("each dimension once"),
  });
});

test("what a hung backend carries out late is unknown first, and verified when it can be read", async () => {
  const words = { scopeType: "namespace", scopeId: "acme", enforcementMode: "strict" };
  const rest = { onHardLimit: "fail", onSoftLimit: "warn", resetIntervalMs: 0 };
  const dimensions = [{ name: "tokens", hardLimit: 10, softLimit: 5 }];
  const budgetId = "33333333-3333-4333-8333-333333333333";
  await here.system.obey({ do: "hang-backend", milliseconds: 5 });
  const failure = await here.failure("flowfabric.budgets.create", {
    ...words,
    ...rest,
    budgetId,
    dimensions,
  });
  expect(failure).toMatchObject({
    message: "The backend is down: the server's Valkey did not answer in time.",
    details: { state: "unknown", refused: false },
  });
  await here.system.obey({ do: "mend-backend" });
  const activityId = String(failure.details?.activityId);
  await vi.waitFor(async () => expect((await here.activity(activityId)).state).toBe("verified"), {
    timeout: 15_000,
  });
});

test("health and metrics say what can be had", async () => {
  expect(await here.output("flowfabric.health")).toMatchObject({
    http: { status: "ok" },
    valkey: { status: "ok", libraryVersion: "34", partitions: 256 },
    backend: { kind: "valkey" },
    token: "sent",
  });
  const metrics = await here.output("flowfabric.metrics");
  expect(metrics).toMatchObject({ available: true, malformedLines: 0 });
  expect(metrics.samples.filter(({ name }) => name === "ff_scanner_cycle_total")).toHaveLength(17);
  expect(metrics.samples.some(({ name }) => name.endsWith("_bucket"))).toBe(false);
  await here.system.obey({ do: "cut-backend" });
  expect((await here.output("flowfabric.health")).http).toMatchObject({ status: "backend-down" });
});

test("a connection is tried step by step, with and without the right token", async () => {
  const { url, valkey, token, valkeyPassword } = here.system.reach;
  const target = { url, authentication: { method: "bearer" }, valkey: { addresses: [valkey] } };
  const settings = { system: "flowfabric", target };
  expect(
    await here.output("connections.test", { settings, secrets: { token, valkeyPassword } }),
  ).toMatchObject({
    ok: true,
    steps: [{ name: "connect" }, { name: "authenticate" }, { name: "request" }, { name: "system" }],
  });
  const wrong = await here.output("connections.test", {
    settings,
    secrets: { token: "wrong", valkeyPassword },
  });
  expect(wrong).toMatchObject({ ok: false, failure: { code: "unauthenticated" } });
});
