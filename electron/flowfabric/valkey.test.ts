import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "iovalkey";
import { expect, test } from "vitest";
import { asFailure } from "../../shared/contract/index.ts";
import { makeCertificates } from "../connections/testing/certificates.ts";
import { functionLibrary } from "../playground/flowfabric/function-library.ts";
import { type RedisOptions, type RedisProcess, startRedis } from "../playground/flowfabric/redis-process.ts";
import { rotatePartition } from "./partitions.ts";
import { type ValkeyOptions, ValkeyStore } from "./valkey.ts";
import { callProblem } from "./valkey-problem.ts";

const call = { keyId: "k2", secretHex: "ab".repeat(32), graceMs: 1_000 };

async function withRedis(options: RedisOptions, work: (redis: RedisProcess) => Promise<void>): Promise<void> {
  const redis = await startRedis(options);
  try {
    await work(redis);
  } finally {
    await redis.stop();
  }
}

async function withStore(
  options: Partial<ValkeyOptions>,
  work: (store: ValkeyStore) => Promise<void>,
): Promise<void> {
  const store = await ValkeyStore.open({ addresses: [], cluster: false, timeoutMs: 5_000, ...options });
  try {
    await work(store);
  } finally {
    store.close();
  }
}

const openFailure = (options: Partial<ValkeyOptions>) =>
  withStore(options, async () => undefined).then(
    () => undefined,
    (error: unknown) => asFailure(error),
  );

test("a password is needed where one is set, and a wrong one is named as the reason", () =>
  withRedis({ password: "right" }, async ({ address }) => {
    expect(await openFailure({ addresses: [address], password: "wrong" })).toMatchObject({
      code: "unauthenticated",
    });
    expect(await openFailure({ addresses: [address] })).toMatchObject({ code: "unauthenticated" });
    await withStore({ addresses: [address], password: "right" }, async (store) => {
      expect(await store.ping()).toBeGreaterThan(0);
    });
  }));

test("TLS works with the authority's certificate and not without", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-valkey-tls-"));
  try {
    const files = makeCertificates(folder);
    const tls = {
      certificateFile: files.server.certificate,
      keyFile: files.server.key,
      authorityFile: files.authority,
    };
    await withRedis({ tls }, async ({ address }) => {
      expect(address).toMatch(/^rediss:/);
      const failure = await openFailure({ addresses: [address] });
      expect(failure?.message).toMatch(/certificate/);
      await withStore({ addresses: [address], ca: readFileSync(files.authority, "utf8") }, async (store) => {
        expect(await store.ping()).toBeGreaterThan(0);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("in a cluster each partition is asked at the node of its slot", () =>
  withRedis({ cluster: true }, async ({ address, port }) => {
    const admin = new Redis({ host: "127.0.0.1", port });
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await admin.call(
      "FUNCTION",
      "LOAD",
      functionLibrary.replaceAll("redis.call('HGET', name", "redis.call('HGET', key"),
    );
    const isWell = async () => String(await admin.call("CLUSTER", "INFO")).includes("cluster_state:ok");
    await expect.poll(isWell, { timeout: 10_000 }).toBe(true);
    admin.disconnect();
    await withStore({ addresses: [address], cluster: true }, async (store) => {
      for (const partition of [0, 77, 255])
        expect(await rotatePartition(store, partition, call)).toMatchObject({ status: "rotated" });
    });
  }));

test("nobody there is told at once", async () => {
  const failure = await openFailure({ addresses: ["redis://127.0.0.1:1"] });
  expect(failure).toMatchObject({ code: "unreachable", details: { delivered: false } });
});

test.each([
  ["ERR Function not found", "library", false],
  ["WRONGTYPE Operation against a key holding the wrong kind of value", "storage", false],
  ["LOADING Redis is loading the dataset in memory", "unreachable", true],
  ["TRYAGAIN Multiple keys request during rehashing of slot", "unreachable", true],
  ["CLUSTERDOWN Hash slot not served", "unreachable", true],
  ["MOVED 3999 127.0.0.1:6381", "unreachable", false],
  ["ASK 3999 127.0.0.1:6381", "unreachable", false],
  ["READONLY You can't write against a read only replica.", "storage", false],
  ["NOAUTH Authentication required.", "refused", false],
  ["NOPERM this user has no permissions", "refused", false],
  ["OOM command not allowed when used memory > 'maxmemory'.", "storage", false],
  ["MISCONF Redis is configured to save RDB snapshots", "storage", false],
  ["BUSY Redis is busy running a script.", "unreachable", true],
])("%s", (message, kind, passing) => {
  const error = Object.assign(new Error(message), { name: "ReplyError" });
  expect(callProblem(error)).toMatchObject({ class: kind, passing, code: message.split(" ")[0] });
});

test("what an old server repeats of the arguments goes no further", () => {
  const message = `ERR unknown command 'FCALL', with args beginning with: 'ff_rotate' '1' 'key' 'k2' '${call.secretHex}'`;
  const error = Object.assign(new Error(message), {
    name: "ReplyError",
    command: { args: [call.secretHex] },
  });
  const problem = callProblem(error);
  expect(problem.message).toMatch(/older than Redis 7/);
  expect(JSON.stringify(problem)).not.toContain(call.secretHex);
});
