import { Redis } from "iovalkey";
import { afterEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedis } from "../../../playground/kit/redis-server.ts";
import { flowfabricTargetSchema } from "../../../shared/connections/flowfabric-target.ts";
import { asFailure } from "../../../shared/contract/index.ts";
import { answeringServer } from "../../connections/testing/answering-server.ts";
import { allowLinkLocal } from "../../upstream/addresses.ts";
import { flowfabricSystem } from "../system.ts";
import { makeClient, openStore } from "./session.ts";

const refusal = { code: "forbidden", details: { cause: "address", delivered: false } };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  allowLinkLocal(false);
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function answering(status: number, headers: Record<string, string> = {}) {
  const server = await answeringServer(status, { headers, body: "internal page" });
  cleanups.push(server.stop);
  return server;
}

async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const started = await startRedis(options);
  cleanups.push(() => started.stop());
  return started;
}

const http = (url: string) => ({
  target: flowfabricTargetSchema.parse({
    url,
    authentication: { method: "bearer" },
    requestTimeoutMs: 3_000,
  }),
  secrets: { token: "TOKEN-55" },
});
const valkey = (address: string, rest: object = {}) => ({
  target: flowfabricTargetSchema.parse({
    valkey: { addresses: [address], ...rest },
    requestTimeoutMs: 3_000,
  }),
  secrets: { valkeyPassword: "PASSWORD-66" },
});
const system = flowfabricSystem();

async function failureOf(work: () => Promise<unknown>) {
  return work().then(
    () => undefined,
    (error: unknown) => asFailure(error),
  );
}

describe("a FlowFabric server", () => {
  it.each(["0.0.0.0", "0", "0x0.0", "[::]", "[::ffff:0.0.0.0]"])("at %s hears nothing", async (host) => {
    const { port, asked } = await answering(200);
    const access = http(`http://${host}:${port}`);
    expect(await failureOf(async () => (await makeClient(access)).health())).toMatchObject(refusal);
    expect(await system.diagnose(access)).toMatchObject({ ok: false, failure: refusal });
    expect(asked).toEqual([]);
  });

  it.each([
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00:ec2::254]",
  ])("is not looked for at %s", async (host) => {
    const access = http(`http://${host}/latest`);
    expect(await system.diagnose(access)).toMatchObject({ ok: false, failure: refusal });
  });

  it("that sends elsewhere is not followed, and its other place hears nothing, not even the token", async () => {
    const other = await answering(200);
    for (const status of [301, 302, 303, 307, 308]) {
      const first = await answering(status, { location: `http://127.0.0.1:${other.port}/latest/meta-data` });
      const diagnosis = await system.diagnose(http(`http://127.0.0.1:${first.port}`));
      expect(diagnosis.ok).toBe(false);
      expect(first.asked.length).toBeGreaterThan(0);
      // Testing reads, at places of its own choice.
      for (const { line } of first.asked) expect(line).toMatch(/^GET \/(healthz|v1\/executions\?)/);
    }
    expect(other.asked).toEqual([]);
  });
});

describe("Valkey", () => {
  it("is reached at an address that is allowed only where it is, as an address and as a name", async () => {
    const { port } = await redis({ password: "PASSWORD-66" });
    for (const host of ["0.0.0.0", "0", "0x0.0", "[::]"]) {
      for (const cluster of [false, true]) {
        const access = valkey(`redis://${host}:${port}`, { cluster });
        const failure = await failureOf(() => openStore(access));
        expect([host, cluster, failure?.code]).toEqual([host, cluster, "forbidden"]);
        expect(failure).toMatchObject(refusal);
        expect(await system.diagnose(access)).toMatchObject({ ok: false, failure: refusal });
      }
    }
    allowLinkLocal(true);
    (await openStore(valkey(`redis://0x0.0:${port}`))).close();
  });

  it("of a cluster leads to none that is not allowed", async () => {
    const other = await redis();
    const first = await redis({ cluster: true });
    const admin = new Redis({ host: "127.0.0.1", port: first.port });
    cleanups.push(() => admin.disconnect());
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await expect.poll(async () => String(await admin.call("CLUSTER", "INFO"))).toContain("cluster_state:ok");
    await admin.call("CONFIG", "SET", "cluster-announce-ip", "0.0.0.0");
    await admin.call("CONFIG", "SET", "cluster-announce-port", String(other.port));
    await expect.poll(async () => String(await admin.call("CLUSTER", "SLOTS"))).toContain("0.0.0.0");
    const access = { ...valkey(`redis://127.0.0.1:${first.port}`, { cluster: true }), secrets: {} };
    const watcher = new Redis({ host: "127.0.0.1", port: other.port });
    cleanups.push(() => watcher.disconnect());
    const visitors = async () =>
      Number(/total_connections_received:(\d+)/.exec(await watcher.info("stats"))?.[1]);
    const before = await visitors();
    const reading = async () => {
      const store = await openStore(access);
      try {
        return await store.hashField("key", "field");
      } finally {
        store.close();
      }
    };
    expect(await failureOf(reading)).toBeDefined();
    expect(await visitors()).toBe(before);
    allowLinkLocal(true);
    const opening = failureOf(reading);
    await expect.poll(visitors).toBeGreaterThan(before);
    await opening;
  });
});
