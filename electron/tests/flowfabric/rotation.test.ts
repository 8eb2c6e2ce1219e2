import { Redis } from "iovalkey";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addExecution } from "../../../playground/flowfabric/seed.ts";
import { startFlowfabricServer } from "../../../playground/flowfabric/server.ts";
import { createRandom } from "../../../playground/kit/random.ts";
import { countPartitions } from "../../../shared/flowfabric/rotation-schema.ts";
import { FlowfabricUnderTest } from "../../testing/flowfabric.ts";

let here: FlowfabricUnderTest;

beforeEach(async () => {
  here = await FlowfabricUnderTest.start();
});
afterEach(() => here.close());

const start = "flowfabric.rotations.start";
const retry = "flowfabric.rotations.retry";
const key = (keyId: string, way: "direct" | "http" = "direct") => ({ way, keyId });

function disturb(partitions: number[], kind = "transport", times = 1): unknown {
  return here.system.obey({ do: "fault", partitions, kind, times });
}

describe("a direct rotation", () => {
  beforeEach(() => here.connect());

  test("is verified by reading every partition, and its secret is gone afterwards", async () => {
    const activity = await here.settles(start, key("k2"), "verified");
    expect(activity.message).toBe("All 256 partitions say that they sign with k2.");
    const row = await here.rotation();
    expect(row).toMatchObject({
      state: "converged",
      previousKeyIds: ["k1"],
      secret: { origin: "generated", held: false },
    });
    expect(countPartitions(row).rotated).toBe(256);
    expect(row.readBack).toMatchObject({ matching: 256, others: [], unreadable: [] });
    expect(Date.parse(row.grace.endsAt ?? "") - Date.parse(row.startedAt)).toBeGreaterThan(86_390_000);
    expect(here.waitingSecret()).toBeUndefined();
  });

  test("with three failing partitions is retried with the same pair until all have it", async () => {
    await disturb([3, 17, 201]);
    const activity = await here.settles(start, key("k2"), "failed");
    expect(activity.message).toMatch(/^253 of 256 partitions have the key k2; 3 failed/);
    const row = await here.rotation();
    expect(row.state).toBe("unfinished");
    expect(
      row.partitions.filter(({ state }) => state === "failed").map(({ partition }) => partition),
    ).toEqual([3, 17, 201]);
    const before = here.waitingSecret();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    await disturb([17]);
    await here.settles(retry, { rotationId: row.id }, "failed");
    expect(here.waitingSecret()).toBe(before);
    await here.settles(retry, { rotationId: row.id }, "verified");
    const after = await here.rotation();
    expect(after).toMatchObject({ state: "converged", secret: { held: false } });
    expect(after.attempts).toHaveLength(3);
    expect(after.partitions[17]).toMatchObject({ attempts: 3, state: "rotated" });
    expect(after.partitions[0]).toMatchObject({ attempts: 1 });
  });

  test("sends its secret on only to the servers that it was begun on", async () => {
    await disturb([3]);
    await here.settles(start, key("k2"), "failed");
    const { id: rotationId } = await here.rotation();
    const { valkey, valkeyPassword } = here.system.reach;
    const elsewhere = valkey.replace("127.0.0.1", "localhost");
    await here.leadTo({ valkey: { addresses: [elsewhere] } }, { valkeyPassword });
    const { failure, activity } = await here.leftBehind(retry, { rotationId });
    expect(failure).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("begun on another server"),
    });
    expect(activity.state).toBe("failed");
    await here.leadTo({ valkey: { addresses: [valkey] } }, { valkeyPassword });
    await here.settles(retry, { rotationId }, "verified");
  });

  test("keeps a second one out while it is unfinished, and a used key id for good", async () => {
    await disturb([3]);
    await here.settles(start, key("k2"), "failed");
    expect(await here.failure(start, key("k3"))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("k2 is not finished"),
    });
    await here.settles(retry, { rotationId: (await here.rotation()).id }, "verified");
    expect(await here.failure(start, key("k2"))).toMatchObject({
      code: "conflict",
      details: { state: "failed" },
    });
    expect(await here.failure(start, key("k1"))).toMatchObject({ code: "conflict" });
  });

  test("is retried after a restart with the pair of before", async () => {
    await disturb([3]);
    await here.settles(start, key("k2"), "failed");
    const before = here.waitingSecret();
    await here.restart();
    await vi.waitFor(async () =>
      expect((await here.output("connections.list"))[0]?.status.state).toBe("open"),
    );
    const row = await here.rotation();
    expect(row).toMatchObject({ state: "unfinished", secret: { held: true } });
    expect(here.waitingSecret()).toBe(before);
    await here.settles(retry, { rotationId: row.id }, "verified");
  });

  test("that cannot converge is abandoned, and a fresh key goes in everywhere", async () => {
    await disturb([3], "conflict", 0);
    await here.settles(start, key("k2"), "failed");
    const { id, partitions } = await here.rotation();
    expect(partitions[3]?.failure).toMatchObject({ class: "conflict", retry: false });
    await here.settles("flowfabric.rotations.abandon", { rotationId: id }, "verified");
    expect(here.waitingSecret()).toBeUndefined();
    await here.system.obey({ do: "calm" });
    await here.settles(start, key("k4"), "verified");
  });

  test("is not sent again over another writer's key", async () => {
    await disturb([3, 4]);
    await here.settles(start, key("k2"), "failed");
    await here.system.obey({ do: "rotate-elsewhere", kid: "theirs", secretHex: "ef".repeat(32) });
    const failure = await here.failure(retry, { rotationId: (await here.rotation()).id });
    expect(failure).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("256 partitions sign with theirs"),
    });
    const row = await here.rotation();
    expect(countPartitions(row)).toMatchObject({ overtaken: 254, failed: 2 });
    expect(await here.output("flowfabric.partitions.list", { from: 0, to: 0 })).toMatchObject([
      { currentKeyId: "theirs" },
    ]);
  });

  describe("of which one partition could not be read before", () => {
    let valkey: Redis;
    const keystore = "ff:sec:{fp:3}:waitpoint_hmac";
    const secretHex = "ef".repeat(32);

    beforeEach(() => {
      const { valkey: address, valkeyPassword } = here.system.reach;
      valkey = new Redis(address, { password: valkeyPassword });
    });
    afterEach(() => valkey.disconnect());

    async function startWithoutIt(): Promise<string> {
      await valkey.rename(keystore, "aside");
      await valkey.set(keystore, "damaged");
      await here.settles(start, key("k2"), "failed");
      await valkey.rename("aside", keystore);
      return (await here.rotation()).id;
    }

    test("is finished when that one had only missed earlier rotations", async () => {
      const others = Array.from({ length: 256 }, (_, partition) => partition).filter((each) => each !== 3);
      await here.system.obey({ do: "rotate-elsewhere", kid: "between", secretHex, partitions: others });
      const rotationId = await startWithoutIt();
      expect((await here.rotation()).previousKeyIds).toEqual(["between"]);
      await here.settles(retry, { rotationId }, "verified");
    });

    test("is finished whatever key nobody else knows that one had", async () => {
      await here.system.obey({ do: "rotate-elsewhere", kid: "odd", secretHex, partitions: [3] });
      await here.settles(retry, { rotationId: await startWithoutIt() }, "verified");
    });

    test("is not finished over a key that somebody rotated in there since", async () => {
      const rotationId = await startWithoutIt();
      await here.system.obey({ do: "rotate-elsewhere", kid: "theirs", secretHex, partitions: [3] });
      expect((await here.failure(retry, { rotationId })).message).toBe(
        "1 partition signs with theirs by now: somebody else rotated. Sending k2 again would roll it back.",
      );
    });
  });

  test("of a Valkey that is gone fails everywhere, and is finished when it is back", async () => {
    await here.system.obey({ do: "kill-redis" });
    const failure = await here.failure(start, key("k2"));
    expect(failure.details).toMatchObject({ state: "failed" });
    expect(failure.message).toMatch(/^Valkey cannot be reached/);
    expect(await here.output("flowfabric.rotations.list")).toEqual([]);
    await here.system.obey({ do: "restart-redis" });
    await vi.waitFor(async () => expect((await here.output("flowfabric.health")).valkey?.status).toBe("ok"));
    await here.settles(start, key("k2"), "verified");
  });

  test("takes a given secret and does not keep it", async () => {
    const secretHex = `${"c0ffee".repeat(10)}abcd`;
    const activity = await here.settles(start, { ...key("k2"), secretHex }, "verified");
    expect(JSON.stringify(activity)).not.toContain(secretHex);
    expect(here.filesWith(secretHex)).toEqual([]);
  });
});

describe("a rotation over HTTP", () => {
  test("rests on the server's word where nothing can be read back", async () => {
    await here.connect("valkey");
    const activity = await here.settles(start, key("k2", "http"), "confirmed");
    await vi.waitFor(async () =>
      expect((await here.activity(activity.id)).message).toMatch(/HTTP has no way to read key ids back/),
    );
    const row = await here.rotation();
    expect(countPartitions(row).done).toBe(256);
    expect(row).toMatchObject({ state: "converged", grace: { known: false }, partitionsFrom: "reply" });
    expect(await here.output("flowfabric.executions.list")).toMatchObject({ partitionsFrom: "reply" });
  });

  test("is verified where Valkey can be read beside it", async () => {
    await here.connect();
    await here.settles(start, key("k2", "http"), "verified");
  });

  test("leaves the partitions open of which the server tells no success, and is retried as a whole", async () => {
    await here.connect("valkey");
    await disturb([3, 17, 201]);
    await here.settles(start, key("k2", "http"), "unknown");
    const row = await here.rotation();
    expect(
      row.partitions.filter(({ state }) => state === "unknown").map(({ partition }) => partition),
    ).toEqual([3, 17, 201]);
    expect(row.partitions[3]?.failure).toMatchObject({ class: "untold" });
    await here.settles(retry, { rotationId: row.id }, "confirmed");
    expect(await here.rotation()).toMatchObject({ state: "converged" });
  });

  test("of which some partitions do not take the key is failed once that was read back", async () => {
    await here.connect();
    await disturb([3, 17]);
    const activity = await here.settles(start, key("k2", "http"), "failed");
    expect(activity.message).toMatch(/; 2 failed\. Read back: 254 of 256 sign with it\. Retry/);
    expect((await here.rotation()).partitions[3]).toMatchObject({
      state: "failed",
      currentKeyId: "k1",
      failure: { code: "not-taken", message: expect.stringContaining("signs with k1") },
    });
  });

  test("past the server's deadline is unknown, and a retry with the same pair tells", async () => {
    await here.connect("valkey");
    await here.system.obey({ do: "deadline", milliseconds: 60 });
    await here.system.obey({ do: "fault", partitions: [9], kind: "delay", times: 1, milliseconds: 5_000 });
    const failure = await here.failure(start, key("k2", "http"));
    expect(failure).toMatchObject({ code: "timeout", details: { status: 504, state: "unknown" } });
    const row = await here.rotation();
    expect(countPartitions(row).unknown).toBe(256);
    expect(row.notices).toEqual([expect.stringContaining("may still be rotating")]);
    await here.system.obey({ do: "deadline", milliseconds: 60_000 });
    await here.settles(retry, { rotationId: row.id }, "confirmed");
  });

  test("reckons no grace where the backend takes retired keys for good", async () => {
    const postgres = await startFlowfabricServer({ backend: "postgres" });
    try {
      const connectionId = "postgres";
      const target = { url: postgres.url };
      const profile = { name: "Postgres", color: "#123456", environment: "TEST", guard: "open" };
      await here.output("connections.save", {
        connectionId,
        profile: { ...profile, system: "flowfabric", target },
      });
      await here.output("connections.open", { connectionId });
      await here.output(start, { connectionId, ...key("k2", "http"), partitions: 1 });
      const [row] = await here.output("flowfabric.rotations.list", { connectionId });
      expect(row).toMatchObject({ state: "converged", partitions: [{ state: "done" }] });
      expect(row?.grace.endsAt).toBeUndefined();
    } finally {
      await postgres.stop();
    }
  });

  test("of which every partition failed says that HTTP cannot tell why", async () => {
    await here.connect("valkey");
    await disturb(
      Array.from({ length: 256 }, (_, partition) => partition),
      "conflict",
    );
    const failure = await here.failure(start, key("k2", "http"));
    expect(failure.message).toMatch(/did not answer in time, or the key id is in use everywhere/);
    expect(failure.details).toMatchObject({ status: 400, state: "unknown" });
    expect(countPartitions(await here.rotation()).unknown).toBe(256);
  });

  test("of which every call came too late is finished by a retry with the same pair", async () => {
    await here.connect("valkey");
    await here.system.obey({ do: "hang-backend", milliseconds: 5 });
    const failure = await here.failure(start, key("k2", "http"));
    expect(failure.upstream).toMatch(/^rotation failed on all partitions/);
    expect(failure.details).toMatchObject({ refused: false, state: "unknown" });
    const row = await here.rotation();
    expect(countPartitions(row).unknown).toBe(256);
    await here.system.obey({ do: "mend-backend" });
    // The store carried all of them out when it woke up.
    const valkey = new Redis(here.system.reach.valkey, { password: here.system.reach.valkeyPassword });
    const currentKey = () => valkey.hget("ff:sec:{fp:255}:waitpoint_hmac", "current_kid");
    await vi.waitFor(async () => expect(await currentKey()).toBe("k2"));
    valkey.disconnect();
    await vi.waitFor(
      async () => expect((await here.output("connections.list"))[0]?.status.state).toBe("open"),
      { timeout: 15_000 },
    );
    await here.settles(retry, { rotationId: row.id }, "confirmed");
    expect(countPartitions(await here.rotation()).done).toBe(256);
  });

  test("tells how many partitions there are, which no list does", async () => {
    const server = await startFlowfabricServer({ partitions: 512 });
    try {
      const execution = addExecution(server.state, createRandom(1));
      server.state.executions.delete(execution.id);
      const id = execution.id.replace(/^\{fp:\d+\}/, "{fp:300}");
      server.state.executions.set(id, { ...execution, id, partition: 300 });
      await here.leadTo({ url: server.url }, {});
      const list = () => here.output("flowfabric.executions.list");
      expect(await list()).toMatchObject({ rows: [], partitions: 256, partitionsFrom: "assumed" });
      await here.settles(start, key("k2", "http"), "confirmed");
      expect(await list()).toMatchObject({ rows: [{ id }], partitions: 512, partitionsFrom: "reply" });
    } finally {
      await server.stop();
    }
  });

  test("needs a server address", async () => {
    await here.connect("http");
    expect(await here.failure(start, key("k2", "http"))).toMatchObject({ code: "conflict" });
    expect((await here.output("flowfabric.rotations.preview")).ways).toEqual(["direct"]);
    await here.settles(start, key("k2"), "verified");
  });
});

test("the preview tells partitions, keys in use and what to know", async () => {
  await here.connect();
  const preview = await here.output("flowfabric.rotations.preview");
  expect(preview).toMatchObject({
    ways: ["direct", "http"],
    partitions: 256,
    partitionsFrom: "valkey",
    libraryVersion: "34",
    current: [{ keyId: "k1", partitions: 256 }],
    unreadable: 0,
    secretStorage: "file",
    warnings: [],
  });
  expect(preview.suggestedKeyId).toMatch(/^kid-\d{4}-\d\d-\d\d-[0-9a-f]{6}$/);
});

test("the secret is in no reply, export, record, log line or database", async () => {
  await here.connect();
  await disturb([3, 17]);
  await here.settles(start, key("k2"), "failed");
  const secret = here.waitingSecret() ?? "";
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  const { id } = await here.rotation();
  const seen = [
    await here.output("flowfabric.rotations.get", { rotationId: id }),
    await here.output("flowfabric.rotations.preview"),
    await here.output("flowfabric.rotations.export", { rotationId: id, format: "csv" }),
    await here.output("flowfabric.rotations.export", { rotationId: id, format: "json" }),
    await here.output("flowfabric.partitions.list"),
    await here.output("activity.export"),
    await here.output("activity.list"),
    await here.output("connections.list"),
    here.log,
  ];
  expect(JSON.stringify(seen)).not.toContain(secret);
  expect(here.filesWith(secret)).toEqual([]);
  await here.settles(retry, { rotationId: id }, "verified");
  expect(here.waitingSecret()).toBeUndefined();
  expect(here.filesWith(secret)).toEqual([]);
});

test("a removed connection takes its rotations and their secrets with it", async () => {
  await here.connect();
  await disturb([3]);
  await here.settles(start, key("k2"), "failed");
  await here.output("connections.remove");
  await vi.waitFor(() => expect(here.waitingSecret()).toBeUndefined());
  await here.restart();
  await here.connect();
  expect(await here.output("flowfabric.rotations.list")).toEqual([]);
});

test("the export has a line for each partition", async () => {
  await here.connect();
  await disturb([3]);
  await here.settles(start, key("k2"), "failed");
  const { id } = await here.rotation();
  const { text, fileName } = await here.output("flowfabric.rotations.export", { rotationId: id });
  const lines = text.trimEnd().split("\r\n");
  expect(fileName).toBe("rotation-k2.csv");
  expect(lines).toHaveLength(257);
  expect(lines[4]).toMatch(/^3,failed,1,k2,,k1,,storage,OOM,/);
});
