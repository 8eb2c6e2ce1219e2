import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "iovalkey";
import Libsql from "libsql";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startFlowfabric } from "../../../playground/flowfabric/system.ts";
import { countPartitions, type RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { type CuttingProxy, startCuttingProxy } from "../../flowfabric/testing/cutting-proxy.ts";
import { bundleHeadless, HeadlessUnderTest } from "../../testing/headless.ts";

const rotate = "ff_rotate_waitpoint_hmac_secret";
const rotations = "/connections/here/flowfabric/rotations";

let folder: string;
let data: string;
let bundle: string;
let system: Awaited<ReturnType<typeof startFlowfabric>>;
let proxy: CuttingProxy;
let here: HeadlessUnderTest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-kill-"));
  data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  bundle = await bundleHeadless(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  system = await startFlowfabric({ seed: 1, calm: true });
  proxy = await startCuttingProxy(Number(new URL(system.reach.valkey).port));
  here = await HeadlessUnderTest.start(bundle, data);
});
afterEach(async () => {
  await here.kill();
  await proxy.stop();
  await system.stop();
});

async function connect(): Promise<void> {
  const profile = {
    name: "Here",
    color: "#123456",
    environment: "TEST",
    guard: "open",
    system: "flowfabric",
    target: { valkey: { addresses: [proxy.address] } },
  };
  const secrets = { valkeyPassword: system.reach.valkeyPassword };
  await here.call("PUT", "/connections/here", { profile, secrets });
  await here.call("POST", "/connections/here/open", {});
}

async function rotation(): Promise<RotationRow> {
  const [row] = (await here.call("GET", rotations)) as RotationRow[];
  if (!row) throw new Error("there is no rotation");
  return row;
}

/** The rotation as another process finds it on disk. */
function onDisk(): RotationRow {
  const database = new Libsql(join(data, "switchyard.db"), { readonly: true });
  try {
    const row = database.prepare("SELECT body FROM flowfabric_rotations").get([]) as { body: string };
    return JSON.parse(row.body) as RotationRow;
  } finally {
    database.close();
  }
}

function waitingSecret(): string | undefined {
  const text = readFileSync(join(data, "secrets.json"), "utf8");
  return /"seed":\s*{\s*"value":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
}

/** Which secret each partition has under a key id. */
async function secretsOf(keyId: string): Promise<Set<string | null>> {
  const { hostname, port } = new URL(system.reach.valkey);
  const redis = new Redis({
    host: hostname,
    port: Number(port),
    password: system.reach.valkeyPassword,
    lazyConnect: true,
  });
  await redis.connect();
  try {
    const keys = Array.from({ length: 256 }, (_, partition) => `ff:sec:{fp:${partition}}:waitpoint_hmac`);
    return new Set(await Promise.all(keys.map((key) => redis.hget(key, `secret:${keyId}`))));
  } finally {
    redis.disconnect();
  }
}

test("a console that is killed in the middle of a direct rotation finishes it with the same pair", async () => {
  await connect();
  proxy.holdFrom(rotate, 100);
  const broken = here.call("POST", rotations, { way: "direct", keyId: "k2" }).catch(() => "broken");
  await proxy.held();
  const progress = await vi.waitFor(() => {
    const { rotated } = countPartitions(onDisk());
    expect(rotated).toBeGreaterThan(0);
    return rotated;
  });
  const secret = waitingSecret();
  expect(secret).toBeDefined();
  await here.kill();
  expect(await broken).toBe("broken");
  proxy.release();

  here = await HeadlessUnderTest.start(bundle, data);
  await vi.waitFor(async () =>
    expect(await here.call("GET", "/connections")).toMatchObject([{ status: { state: "open" } }]),
  );
  const left = await rotation();
  expect(left).toMatchObject({ state: "unfinished", keyId: "k2", secret: { held: true } });
  expect(countPartitions(left)).toMatchObject({ waiting: 0, sending: 0, failed: 0 });
  expect(countPartitions(left).rotated).toBeGreaterThanOrEqual(progress);
  expect(countPartitions(left).unknown).toBe(256 - countPartitions(left).rotated);
  expect(waitingSecret()).toBe(secret);

  proxy.holdFrom(rotate);
  const retried = here.call("POST", `${rotations}/${left.id}/retry`, {});
  await proxy.held();
  expect(waitingSecret()).toBe(secret);
  proxy.release();
  await retried;
  const done = await rotation();
  expect(done).toMatchObject({ state: "converged", keyId: "k2", secret: { held: false } });
  expect(done.attempts).toHaveLength(2);
  expect(waitingSecret()).toBeUndefined();
  expect(await secretsOf("k2")).toEqual(new Set([secret]));
});
