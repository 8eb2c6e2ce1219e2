import { Redis } from "iovalkey";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../kit/redis-server.ts";
import { functionLibrary } from "./function-library.ts";
import { type KeystoreReply, PartitionKeystore, type Rotation } from "./keystore.ts";

const keystoreKey = "ff:sec:{fp:0}:waitpoint_hmac";
const graceMilliseconds = 60_000;
const a = { kid: "kid-a", secretHex: "1111111111111111", graceMilliseconds };
const b = { kid: "kid-b", secretHex: "2222222222222222", graceMilliseconds };

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis({ host: "127.0.0.1", port: server.port });
  await redis.call("FUNCTION", "LOAD", functionLibrary);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type Rotate = (rotation: Rotation) => Promise<KeystoreReply>;

async function byLibrary({ kid, secretHex, graceMilliseconds: grace }: Rotation): Promise<KeystoreReply> {
  const reply = await redis.fcall(
    "ff_rotate_waitpoint_hmac_secret",
    1,
    keystoreKey,
    kid,
    secretHex,
    String(grace),
  );
  const [ok, code, status, first = "", second = "", third = "0"] = reply as [number, string, ...string[]];
  if (ok !== 1) return { status: "refused", code: code as "rotation_conflict" };
  if (status === "noop") return { status: "noop", kid: first };
  return { status: "rotated", previous: first, kid: second, collected: Number(third) };
}

/** Both stand-ins for the same contract: the library in Redis, and the keystore in memory. */
const sides: [string, () => Promise<Rotate>][] = [
  [
    "the library on a real Redis",
    async () => {
      await redis.del(keystoreKey);
      return byLibrary;
    },
  ],
  [
    "the keystore in memory",
    async () => {
      const store = new PartitionKeystore();
      return async (rotation) => store.rotate(rotation, Date.now());
    },
  ],
];

describe.each(sides)("%s", (_name, fresh) => {
  test("rotates, answers a replay, and refuses the same id with another secret", async () => {
    const rotate = await fresh();
    expect(await rotate(a)).toEqual({ status: "rotated", previous: "", kid: "kid-a", collected: 0 });
    expect(await rotate(a)).toEqual({ status: "noop", kid: "kid-a" });
    expect(await rotate({ ...a, secretHex: "3333" })).toEqual({
      status: "refused",
      code: "rotation_conflict",
    });
    expect(await rotate(b)).toEqual({ status: "rotated", previous: "kid-a", kid: "kid-b", collected: 0 });
  });

  test("compares secrets as text, letter case included", async () => {
    const rotate = await fresh();
    await rotate({ ...a, secretHex: "abcd" });
    expect(await rotate({ ...a, secretHex: "ABCD" })).toEqual({
      status: "refused",
      code: "rotation_conflict",
    });
  });

  test("promotes an old id again, which is why a late retry is dangerous", async () => {
    const rotate = await fresh();
    await rotate(a);
    await rotate(b);
    expect(await rotate(a)).toEqual({ status: "rotated", previous: "kid-b", kid: "kid-a", collected: 0 });
  });

  test("deletes keys whose grace is over", async () => {
    const rotate = await fresh();
    await rotate(a);
    await rotate({ ...b, graceMilliseconds: 0 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await rotate({ ...a, kid: "kid-c" })).toEqual({
      status: "rotated",
      previous: "kid-b",
      kid: "kid-c",
      collected: 1,
    });
  });

  test.each([
    [{ ...a, kid: "" }, "invalid_kid"],
    [{ ...a, kid: "a:b" }, "invalid_kid"],
    [{ ...a, secretHex: "abc" }, "invalid_secret_hex"],
    [{ ...a, secretHex: "xy" }, "invalid_secret_hex"],
    [{ ...a, graceMilliseconds: -1 }, "invalid_grace_ms"],
    [{ ...a, graceMilliseconds: 1.5 }, "invalid_grace_ms"],
    [{ ...a, graceMilliseconds: 2 ** 53 }, "invalid_grace_ms"],
  ])("refuses %j", async (rotation, code) => {
    const rotate = await fresh();
    expect(await rotate(rotation)).toEqual({ status: "refused", code });
  });
});

test("the library lists what verifies, and its hash is as the wire reference says", async () => {
  await redis.del(keystoreKey);
  expect(await redis.fcall("ff_list_waitpoint_hmac_kids", 1, keystoreKey)).toEqual([1, "OK", "", "0"]);
  await byLibrary(a);
  await byLibrary(b);
  const [, , current, count, retired] = (await redis.fcall(
    "ff_list_waitpoint_hmac_kids",
    1,
    keystoreKey,
  )) as string[];
  expect([current, count, retired]).toEqual(["kid-b", "1", "kid-a"]);
  expect(Object.keys(await redis.hgetall(keystoreKey)).sort()).toEqual([
    "current_kid",
    "expires_at:kid-a",
    "previous_expires_at",
    "previous_kid",
    "secret:kid-a",
    "secret:kid-b",
  ]);
  expect(await redis.fcall("ff_version", 0)).toBe("34");
});
