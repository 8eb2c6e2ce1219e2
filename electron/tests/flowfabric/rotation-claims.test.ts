import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Activity, Reply } from "../../../shared/contract/index.ts";
import { countPartitions } from "../../../shared/flowfabric/rotation-schema.ts";
import { type CuttingProxy, startCuttingProxy } from "../../flowfabric/testing/cutting-proxy.ts";
import { FlowfabricUnderTest } from "../../testing/flowfabric.ts";

let here: FlowfabricUnderTest;
let proxy: CuttingProxy;

beforeEach(async () => {
  here = await FlowfabricUnderTest.start();
  proxy = await startCuttingProxy(Number(new URL(here.system.reach.valkey).port));
  await connect();
});
afterEach(async () => {
  proxy.release();
  await here.close();
  await proxy.stop();
});

const start = "flowfabric.rotations.start";
const retry = "flowfabric.rotations.retry";
const rotate = "ff_rotate_waitpoint_hmac_secret";

function connect(): Promise<void> {
  const { valkeyPassword } = here.system.reach;
  return here.leadTo({ valkey: { addresses: [proxy.address] } }, { valkeyPassword });
}

/** A rotation that misses one partition. */
async function unfinished(): Promise<string> {
  await here.system.obey({ do: "fault", partitions: [3], kind: "transport", times: 1 });
  await here.settles(start, { way: "direct", keyId: "k2" }, "failed");
  return (await here.rotation()).id;
}

function refused(replies: readonly Reply<unknown>[]): unknown[] {
  return replies.flatMap((reply) => (reply.ok ? [] : [reply.failure]));
}

test("of two retries at once one is made and the other refused", async () => {
  const rotationId = await unfinished();
  const replies = await Promise.all([here.call(retry, { rotationId }), here.call(retry, { rotationId })]);
  expect(refused(replies)).toMatchObject([{ code: "conflict", message: "This rotation is running." }]);
  const row = await here.rotation();
  expect(row).toMatchObject({ state: "converged", secret: { held: false } });
  expect(row.attempts).toHaveLength(2);
  expect(row.attempts.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
  expect(here.waitingSecret()).toBeUndefined();
});

test("of two that are started at once one begins", async () => {
  const replies = await Promise.all([
    here.call(start, { way: "direct", keyId: "k2" }),
    here.call(start, { way: "direct", keyId: "k3" }),
  ]);
  expect(refused(replies)).toMatchObject([{ code: "conflict", details: { state: "failed" } }]);
  expect(await here.output("flowfabric.rotations.list")).toHaveLength(1);
});

test("a stop reaches the attempt that is under way, whoever asked for another meanwhile", async () => {
  proxy.holdFrom(rotate);
  const attempt = here.call(start, { way: "direct", keyId: "k2" });
  await proxy.held();
  const { id: rotationId, attempts } = await here.rotation();
  expect(attempts).toHaveLength(1);
  expect(await here.failure(retry, { rotationId })).toMatchObject({ code: "conflict" });
  await here.output("flowfabric.rotations.stop", { rotationId });
  proxy.release();
  await attempt;
  const row = await here.rotation();
  expect(row.state).toBe("unfinished");
  expect(countPartitions(row).waiting).toBeGreaterThan(100);
  await here.settles(retry, { rotationId }, "verified");
});

test("is not given up while an attempt sends its secret", async () => {
  const rotationId = await unfinished();
  const secret = here.waitingSecret();
  proxy.holdFrom(rotate);
  const attempt = here.call(retry, { rotationId });
  expect(await here.failure("flowfabric.rotations.abandon", { rotationId })).toMatchObject({
    code: "conflict",
  });
  await proxy.held();
  expect(here.waitingSecret()).toBe(secret);
  proxy.release();
  expect(await attempt).toMatchObject({ ok: true });
  expect(await here.rotation()).toMatchObject({ state: "converged" });
});

test("that runs while its connection is removed is gone for good, and its secret after it", async () => {
  proxy.holdFrom(rotate);
  const attempt = here.call(start, { way: "direct", keyId: "k2" }) as Promise<Reply<Activity>>;
  await proxy.held();
  expect(here.waitingSecret()).toMatch(/^[0-9a-f]{64}$/);
  await here.output("connections.remove");
  await attempt;
  await vi.waitFor(() => expect(here.waitingSecret()).toBeUndefined());
  await here.restart();
  proxy.release();
  await connect();
  expect(await here.output("flowfabric.rotations.list")).toEqual([]);
  // The calls that Valkey received too late are nobody's rotation any more.
  await here.settles(start, { way: "direct", keyId: "k9" }, "verified");
});

test("whose answers are lost says that these partitions may have the key", async () => {
  proxy.holdFrom(rotate);
  const attempt = here.call(start, { way: "direct", keyId: "k2" });
  await proxy.held();
  const { id: rotationId } = await here.rotation();
  proxy.cut();
  await here.output("flowfabric.rotations.stop", { rotationId });
  await attempt;
  const row = await here.rotation();
  const lost = row.partitions.filter(({ state }) => state === "unknown");
  expect(lost.length).toBeGreaterThan(0);
  expect(lost[0]).toMatchObject({ failure: { class: "unreachable", retry: true } });
  expect(countPartitions(row).waiting).toBe(256 - lost.length);
});
