import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "iovalkey";
import { expect, test } from "vitest";
import { functionLibrary } from "../../../playground/flowfabric/function-library.ts";
import { type RedisOptions, type RedisServer, startRedis } from "../../../playground/kit/redis-server.ts";
import { asFailure } from "../../../shared/contract/index.ts";
import { makeCertificates } from "../../connections/testing/certificates.ts";
import { missingLibrary, readLibrary, rotatePartition } from "./partitions.ts";
import { ValkeyStore, versionIn } from "./valkey.ts";
import type { ValkeyOptions } from "./valkey-clients.ts";
import { callProblem } from "./valkey-problem.ts";

const call = { keyId: "k2", secretHex: "ab".repeat(32), graceMs: 1_000 };

async function withRedis(options: RedisOptions, work: (redis: RedisServer) => Promise<void>): Promise<void> {
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
      expect(failure?.details).toMatchObject({ cause: "tls-untrusted", delivered: false });
      await withStore({ addresses: [address], tls: { ca: readFileSync(files.authority) } }, async (store) => {
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
    await admin.call("FUNCTION", "LOAD", functionLibrary);
    const isWell = async () => String(await admin.call("CLUSTER", "INFO")).includes("cluster_state:ok");
    await expect.poll(isWell, { timeout: 10_000 }).toBe(true);
    admin.disconnect();
    await withStore({ addresses: [address], cluster: true }, async (store) => {
      for (const partition of [0, 77, 255])
        expect(await rotatePartition(store, partition, call)).toMatchObject({ status: "rotated" });
    });
  }));

test("a cluster says whether the password is wrong, or which right is missing", () =>
  withRedis({ cluster: true }, async ({ address, port }) => {
    const admin = new Redis({ host: "127.0.0.1", port });
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    const isWell = async () => String(await admin.call("CLUSTER", "INFO")).includes("cluster_state:ok");
    await expect.poll(isWell, { timeout: 10_000 }).toBe(true);
    const base = ["on", ">right", "~ff:*", "+ping", "+info", "+fcall"];
    await admin.call("ACL", "SETUSER", "no-slots", ...base, "+cluster|info");
    await admin.call("ACL", "SETUSER", "no-info", ...base, "+cluster|slots");
    await admin.call("ACL", "SETUSER", "enough", ...base, "+cluster|slots", "+cluster|info");
    admin.disconnect();
    const failure = (user: string, password: string) =>
      openFailure({ addresses: [address], cluster: true, user, password, timeoutMs: 2_000 });
    expect(await failure("enough", "wrong")).toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("does not accept this user and password"),
    });
    for (const right of ["slots", "info"])
      expect(await failure(`no-${right}`, "right")).toMatchObject({
        code: "forbidden",
        message: expect.stringContaining(`the right +cluster|${right} is missing`),
        hint: expect.stringContaining("+cluster|slots +cluster|info"),
      });
    expect(await failure("enough", "right")).toBeUndefined();
  }));

test("the function library is looked for on every primary of a cluster", () =>
  withRedis({ cluster: true }, (one) =>
    withRedis({ cluster: true }, async (other) => {
      const [first, second] = [one, other].map(({ port }) => new Redis({ host: "127.0.0.1", port }));
      if (!first || !second) throw new Error("there is no node");
      await first.call("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
      await second.call("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
      await first.call("CLUSTER", "MEET", "127.0.0.1", String(other.port));
      const isWell = async (node: Redis) => {
        const info = String(await node.call("CLUSTER", "INFO"));
        return info.includes("cluster_state:ok") && info.includes("cluster_slots_assigned:16384");
      };
      for (const node of [first, second])
        await expect.poll(() => isWell(node), { timeout: 20_000 }).toBe(true);
      await first.call("FUNCTION", "LOAD", functionLibrary);
      for (const node of [first, second]) node.disconnect();
      await withStore({ addresses: [one.address], cluster: true }, async (store) => {
        const library = await readLibrary(store);
        expect(library).toEqual({
          version: "34",
          nodes: 2,
          missingOn: [`127.0.0.1:${other.port}`],
          silent: [],
        });
        expect(missingLibrary(library)).toMatch(/missing on 1 of 2 primaries .*: the partitions there fail/);
      });
    }),
  ));

test.each([
  ["valkey_version:8.0.1\r\nredis_version:7.2.4\r\nserver_name:valkey", "Valkey 8.0.1", false],
  ["redis_version:7.2.4\r\nserver_name:valkey\r\n", "Valkey 7.2.4", false],
  ["redis_version:7.0.15\r\n", "Redis 7.0.15", true],
])("%j is %s", (info, name, refused) => {
  const version = versionIn(`# Server\r\n${info}`);
  expect(version.name).toBe(name);
  expect(version.refused).toEqual(
    refused ? "This is Redis 7.0.15: ff-server starts on Valkey 7.2 or newer only." : undefined,
  );
});

test("what is no cluster says so", () =>
  withRedis({}, async ({ address }) => {
    const failure = await openFailure({ addresses: [address], cluster: true, timeoutMs: 2_000 });
    expect(failure?.message).toMatch(/is no cluster/);
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
  [
    "ERR ACL failure in script: User ops has no permissions to run the 'hgetall' command script: ff_list, on @user_function:9.",
    "refused",
    false,
  ],
])("%s", (message, kind, passing) => {
  const error = Object.assign(new Error(message), { name: "ReplyError" });
  expect(callProblem(error)).toMatchObject({ class: kind, passing, code: message.split(" ")[0] });
});

test.each([
  "Too many Cluster redirections. Last error: ReplyError: MOVED 3999 127.0.0.1:6381",
  "Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down",
  "Too many Cluster redirections. Last error: Error: Connection is closed.",
])("%s is a node that is down or failing over", (message) => {
  expect(callProblem(new Error(message))).toMatchObject({
    class: "unreachable",
    passing: true,
    // Nobody knows what became of the tries before the last.
    answered: false,
    message: expect.stringContaining("failing over"),
  });
});

test.each([
  [
    "NOPERM User ops has no permissions to run the 'fcall' command",
    /may not run FCALL: the right \+fcall is/,
  ],
  ["NOPERM No permissions to access a key", /~ff:\* is needed/],
  [
    "ERR ACL failure in script: User ops has no permissions to run the 'hgetall' command script: x, on @user_function:9.",
    /may not run HGETALL inside the function: the right \+hgetall is missing/,
  ],
])("%s names the right that is missing", (message, words) => {
  const error = Object.assign(new Error(message), { name: "ReplyError" });
  expect(callProblem(error)).toMatchObject({ class: "refused", message: expect.stringMatching(words) });
});

test("what an old server repeats of the arguments goes no further", () => {
  const message = `ERR unknown command 'FCALL', with args beginning with: 'ff_rotate' '1' 'key' 'k2' '${call.secretHex}'`;
  const error = Object.assign(new Error(message), {
    name: "ReplyError",
    command: { args: [call.secretHex] },
  });
  const problem = callProblem(error);
  expect(problem.message).toMatch(/knows no functions/);
  expect(JSON.stringify(problem)).not.toContain(call.secretHex);
});
