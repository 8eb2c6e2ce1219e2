import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../../playground/kit/free-port.ts";
import { flowFabricExchanges } from "../../../recordings/recordings.ts";
import { recordedAnswer, resend } from "../../../recordings/resend.ts";
import type { RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { ValkeyCluster } from "../../flowfabric/testing/valkey-cluster.ts";
import { RealUnderTest } from "../../testing/real-console.ts";

/** Paths of a real ff-server and a real Valkey, set by `npm run interop -- flowfabric`. */
const program = process.env.SWITCHYARD_FF_SERVER;
const valkeyProgram = process.env.SWITCHYARD_VALKEY;
const token = "a-token-for-this-test";
const partitions = 16;

/** A whole console beside a real ff-server; the connection is called `here`. */
class RealFlowFabric extends RealUnderTest {
  url = "";
  valkey = "";

  async startValkey(): Promise<ChildProcess> {
    const port = await freePort();
    this.valkey = `127.0.0.1:${port}`;
    const words = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", this.folder];
    return this.run(valkeyProgram as string, words, {});
  }

  async startServer(store: Record<string, string>): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.run(program as string, [], {
      FF_LISTEN_ADDR: `127.0.0.1:${port}`,
      FF_API_TOKEN: token,
      FF_WAITPOINT_HMAC_SECRET: "ab".repeat(32),
      FF_FLOW_PARTITIONS: String(partitions),
      ...store,
    });
    const answers = async () =>
      expect((await fetch(`${this.url}/healthz`).catch(() => undefined))?.status).toBeDefined();
    await vi.waitFor(answers, { timeout: 60_000, interval: 200 });
  }

  async connect(more: object = {}): Promise<void> {
    await this.restart();
    const target = { url: this.url, authentication: { method: "bearer" }, ...more };
    await this.keep({ name: "Here", guard: "open", system: "flowfabric", target }, { secrets: { token } });
    await this.output("connections.open");
  }

  async rotation(): Promise<RotationRow> {
    const [row] = await this.output("flowfabric.rotations.list");
    if (!row) throw new Error("there is no rotation");
    return row;
  }

  /** Retries the rotation until every partition has its key, and reads that back. */
  async finishRotation(keyId: string): Promise<void> {
    for (let row = await this.rotation(); row.state !== "converged"; row = await this.rotation())
      await this.call("flowfabric.rotations.retry", { rotationId: row.id });
    const isRead = async () => {
      const keys = await this.output("flowfabric.partitions.list");
      expect(new Set(keys.map(({ currentKeyId, problem }) => problem?.message ?? currentKeyId))).toEqual(
        new Set([keyId]),
      );
    };
    await vi.waitFor(isRead, { timeout: 60_000, interval: 200 });
  }

  /** Creates an execution as a worker's client does. */
  async create(partition: number): Promise<string> {
    const id = `{fp:${partition}}:${crypto.randomUUID()}`;
    const body = {
      execution_id: id,
      namespace: "demo",
      lane_id: "default",
      execution_kind: "demo",
      input_payload: [123, 125],
      priority: 5,
      creator_identity: "ops",
      partition_id: partition,
      now: Date.now(),
    };
    const response = await fetch(`${this.url}/v1/executions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    return id;
  }
}

const onCluster = flowFabricExchanges().filter(
  ({ server, status, body }) =>
    server === "ff-server 0.15.0 on a Valkey 8.0.1 cluster" &&
    status >= 400 &&
    /not found|_not_found/.test(JSON.stringify(body)),
);

/** What a server says before it looks at anything that it keeps: the same on every one. */
const stateless = flowFabricExchanges().filter(({ server, method, status, body, authorized }) => {
  if (server !== "ff-server 0.15.0 on Valkey 8.0.1") return false;
  const text = JSON.stringify(body);
  if (status === 401) return !authorized;
  if (status === 404) return authorized && body === null;
  const isKept = /rotation failed|add_execution|ff_cancel_flow|"invalid_token"/.test(text);
  return method === "HEAD" || [400, 405, 413, 415, 422].includes(status) ? !isKept : false;
});

describe.runIf(program)("a real ff-server on SQLite", () => {
  let here: RealFlowFabric;
  beforeAll(async () => {
    here = new RealFlowFabric();
    await here.startServer({ FF_BACKEND: "sqlite", FF_DEV_MODE: "1" });
    await here.connect();
  }, 120_000);
  afterAll(() => here?.close());

  it("is known for what it is, and is not asked for what it does not have", async () => {
    const executionId = await here.create(0);
    const row = await here.output("flowfabric.executions.get", { executionId });
    expect(row).toMatchObject({ id: executionId, namespace: "demo" });
    const failure = await here.failure("flowfabric.executions.list");
    expect(failure.code).not.toBe("internal");
  });

  it("is rotated over HTTP, and what cannot be read back is not called verified", async () => {
    const rotation = { way: "http", keyId: "k2" };
    const activity = await here.becomes("flowfabric.rotations.start", rotation, "confirmed");
    expect(activity.message).toContain("rests on the server's reply");
  });
});

describe.runIf(program && valkeyProgram)("a real ff-server on Valkey", () => {
  let here: RealFlowFabric;
  let valkey: ChildProcess;
  beforeAll(async () => {
    here = new RealFlowFabric();
    valkey = await here.startValkey();
    const [host = "", port = ""] = here.valkey.split(":");
    await here.startServer({ FF_BACKEND: "valkey", FF_HOST: host, FF_PORT: port });
    await here.connect({ valkey: { addresses: [`redis://${here.valkey}`], cluster: false } });
  }, 180_000);
  afterAll(() => here?.close());

  it.each(stateless.map((exchange) => [`${exchange.method} ${exchange.path}`, exchange] as const))(
    "answers %s as it was recorded",
    async (_title, exchange) => {
      expect(await resend(here.url, exchange, token)).toEqual(recordedAnswer(exchange));
    },
  );

  it("is read partition by partition, as many as the store says", async () => {
    const made = [await here.create(1), await here.create(7)];
    const page = await here.output("flowfabric.executions.list");
    expect(page).toMatchObject({ partitions, partitionsFrom: "valkey", problems: [] });
    expect(page.rows.map(({ id }) => id).sort()).toEqual([...made].sort());
  });

  it("cancels, replays and changes the priority of an execution, each read back", async () => {
    const executionId = await here.create(3);
    await here.becomes("flowfabric.executions.priority", { executionId, priority: 77 }, "verified");
    await here.becomes("flowfabric.executions.cancel", { executionId }, "verified");
    await here.becomes("flowfabric.executions.replay", { executionId }, "verified");
  }, 120_000);

  it("is rotated directly and over HTTP, and read back in every partition", async () => {
    const direct = await here.becomes(
      "flowfabric.rotations.start",
      { way: "direct", keyId: "k2" },
      "verified",
    );
    expect(direct.message).toBe(`All ${partitions} partitions say that they sign with k2.`);
    await here.becomes("flowfabric.rotations.start", { way: "http", keyId: "k3" }, "verified");
  }, 120_000);

  it("whose store hangs is not said to have refused: what it took is applied when it wakes", async () => {
    const executionId = await here.create(5);
    valkey.kill("SIGSTOP");
    const { failure, activity } = await here.leftBehind("flowfabric.executions.cancel", { executionId });
    expect([failure.code, activity.state]).not.toContain("refused");
    expect(failure.code).not.toBe("upstream_refused");
    valkey.kill("SIGCONT");
    const isSettled = async () =>
      expect(["verified", "failed"]).toContain((await here.activity(activity.id)).state);
    await vi.waitFor(isSettled, { timeout: 90_000, interval: 500 });
    const { state } = await here.activity(activity.id);
    const row = await here.output("flowfabric.executions.get", { executionId });
    expect(row.state.publicState === "cancelled").toBe(state === "verified");
  }, 120_000);
});

describe.runIf(program && valkeyProgram)("a real ff-server on a cluster of Valkey", () => {
  let here: RealFlowFabric;
  let cluster: ValkeyCluster;
  beforeAll(async () => {
    here = new RealFlowFabric();
    cluster = await ValkeyCluster.start({ primaries: 3, replicas: true, program: valkeyProgram });
    const port = String(cluster.nodes[0]?.port);
    await here.startServer({
      FF_BACKEND: "valkey",
      FF_CLUSTER: "true",
      FF_HOST: "127.0.0.1",
      FF_PORT: port,
    });
    await here.connect({ valkey: { addresses: cluster.addresses, cluster: true }, requestTimeoutMs: 6_000 });
  }, 180_000);
  afterAll(async () => {
    await here?.close();
    await cluster?.stop();
  });

  it.each(onCluster.map((exchange) => [`${exchange.method} ${exchange.path}`, exchange] as const))(
    "answers %s as it was recorded",
    async (_title, exchange) => {
      expect(await resend(here.url, { ...exchange, authorized: true }, token)).toEqual(
        recordedAnswer(exchange),
      );
    },
  );

  it("that loses a primary is not said to have refused, and is rotated to the end when its replica has taken over", async () => {
    const { primary } = await cluster.pick();
    const [partition = 0] = await cluster.partitionsOf(primary);
    const executionId = await here.create(partition);
    await primary.process.kill();
    const rotating = here.call("flowfabric.rotations.start", { way: "http", keyId: "k2" });
    const cancelled = await here.call("flowfabric.executions.cancel", { executionId });
    if (!cancelled.ok) expect(cancelled.failure.code).toBe("unreachable");
    await rotating;
    await here.finishRotation("k2");
    await primary.process.restart();
    await cluster.isWell();
  }, 180_000);

  it("stays with a primary that hangs when its replica has taken over, which its page says", async () => {
    const { primary, replica } = await cluster.pick();
    primary.freeze();
    await replica.says(/role:master/, "INFO replication");
    await here.call("flowfabric.rotations.start", { way: "http", keyId: "k3" });
    const { partitions: cells } = await here.rotation();
    const owned = (await cluster.partitionsOf(replica)).filter((partition) => partition < partitions);
    const open = cells.filter(({ state }) => state !== "done");
    expect(open.map(({ partition }) => partition)).toEqual(owned);
    expect(open[0]?.failure?.message).toMatch(/signs with k2, as read back.*restart it/);
    expect((await here.output("flowfabric.health")).http).toMatchObject({
      status: "backend-down",
      message: expect.stringContaining("Valkey answers here: if it stays so, restart ff-server."),
    });
    await primary.process.kill();
    await here.finishRotation("k3");
  }, 180_000);
});
