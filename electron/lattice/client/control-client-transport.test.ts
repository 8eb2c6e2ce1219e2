import { connect, type Msg, type NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type NatsServer, startNatsServer } from "../../../playground/kit/nats-server.ts";
import { Failure, type FailureData } from "../../../shared/contract/index.ts";
import { ControlClient } from "./control-client.ts";

const hostId = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const stop = { hostId, providerId: "edge-http" };
const stopSubject = `wasmbus.ctl.v1.default.provider.stop.${hostId}`;
const accepted = JSON.stringify({ success: true, message: "from the host" });

async function failureOf(work: Promise<unknown>): Promise<FailureData> {
  const error = await work.then(
    (value) => new Error(`did not fail: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  return error.toData();
}

let server: NatsServer;
let responder: NatsConnection;
let nats: NatsConnection;
let client: ControlClient;

beforeAll(async () => {
  server = await startNatsServer({ jetStream: true, maxPayload: 32 * 1024 * 1024 });
  responder = await connect({ servers: server.url });
  nats = await connect({ servers: server.url });
  client = new ControlClient(nats, { lattice: "default", timeoutMs: 400 });
});
afterAll(async () => {
  await nats.close();
  await responder.close();
  await server.stop();
});

const subscriptions: { unsubscribe(): void }[] = [];
afterEach(() => {
  for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
});

/** Lets a bare connection answer a subject with these texts, one after the other. */
async function answer(subject: string, texts: readonly (string | Uint8Array)[]): Promise<Msg[]> {
  const seen: Msg[] = [];
  const callback = (_: Error | null, message: Msg): void => {
    seen.push(message);
    for (const text of texts) message.respond(text);
  };
  subscriptions.push(responder.subscribe(subject, { callback }));
  await responder.flush();
  return seen;
}

describe("nobody listens", () => {
  it("says for a directed request that the host is not there, and that nothing was delivered (B 3, trap 37)", async () => {
    const failure = await failureOf(client.getHostInventory(hostId));
    expect(failure).toMatchObject({
      code: "not_found",
      message: `No host with id ${hostId} answers in lattice default.`,
      details: { delivered: false, subject: `wasmbus.ctl.v1.default.host.get.${hostId}` },
    });
  });

  it("says for a queue request that the lattice has no host at all", async () => {
    expect(await failureOf(client.getLinks())).toMatchObject({
      code: "unreachable",
      message: "No host at all answers in lattice default.",
      details: { delivered: false, subject: "wasmbus.ctl.v1.default.link.get" },
    });
  });

  it("is not answered by a host of another lattice or below another prefix (trap 37)", async () => {
    await answer(stopSubject, [accepted]);
    const elsewhere = new ControlClient(nats, { lattice: "staging", timeoutMs: 400 });
    expect(await failureOf(elsewhere.stopProvider(stop))).toMatchObject({ code: "not_found" });
    const prefixed = new ControlClient(nats, { lattice: "default", topicPrefix: "acme.wasmbus.ctl" });
    expect(await failureOf(prefixed.stopProvider(stop))).toMatchObject({ code: "not_found" });
    expect(await client.stopProvider(stop)).toMatchObject({ success: true });
  });
});

describe("a reply that is none", () => {
  const queries: [string, string, (from: ControlClient) => Promise<unknown>][] = [
    ["an inventory", `host.get.${hostId}`, (from) => from.getHostInventory(hostId)],
    ["the links", "link.get", (from) => from.getLinks()],
    ["the claims", "claims.get", (from) => from.getClaims()],
    ["a config", "config.get.large", (from) => from.getConfig("large")],
  ];

  it.each(queries)(
    "to a query for %s may mean that the reply was too large, and is no command's",
    async (_, verb, ask) => {
      await answer(`wasmbus.ctl.v1.default.${verb}`, []);
      const failure = await failureOf(ask(client));
      expect(failure).toMatchObject({ code: "timeout" });
      expect(failure.hint).toContain(`max_payload, ${32 * 1024 * 1024} bytes here`);
      expect(failure.hint).not.toMatch(/command/i);
    },
  );

  it.each(queries)(
    "that cannot be read, to a query for %s, speaks of no command either",
    async (_, verb, ask) => {
      await answer(`wasmbus.ctl.v1.default.${verb}`, ['{"success":true}']);
      const failure = await failureOf(ask(client));
      expect(failure).toMatchObject({ code: "upstream_invalid" });
      expect(failure.hint).not.toMatch(/command/i);
    },
  );

  it("to a command leaves open whether it was carried out", async () => {
    await answer(`wasmbus.ctl.v1.default.label.put.${hostId}`, []);
    const failure = await failureOf(client.putLabel({ hostId, key: "a", value: "b" }));
    expect(failure.hint).toMatch(/A command may have been carried out/);
    expect(failure.hint).not.toMatch(/max_payload/);
  });

  it("is a timeout without a word on delivery when the host stays silent (traps 22, 30)", async () => {
    const seen = await answer(stopSubject, []);
    const failure = await failureOf(client.stopProvider(stop));
    expect(failure).toMatchObject({ code: "timeout", details: { subject: stopSubject, timeoutMs: 400 } });
    expect(failure.details).not.toHaveProperty("delivered");
    expect(seen).toHaveLength(1);
  });

  it("is passed over while the real one is still to come (trap 40)", async () => {
    const foreign = [
      '{"stream":"CTL","seq":7}',
      "[]",
      "null",
      '"x"',
      "",
      "<html>",
      new Uint8Array([0xff, 0xfe]),
    ];
    await answer(stopSubject, [...foreign, accepted]);
    expect(await client.stopProvider(stop)).toMatchObject({ success: true, message: "from the host" });
  });

  it.each([
    ["a foreign acknowledgement", '{"stream":"CTL","seq":7}'],
    ["garbage", "<html>502 Bad Gateway</html>"],
    ["a cut envelope", '{"success":true,"mess'],
  ])("is upstream_invalid with its text when only %s comes", async (_, text) => {
    await answer(stopSubject, [text]);
    const failure = await failureOf(client.stopProvider(stop));
    expect(failure).toMatchObject({
      code: "upstream_invalid",
      upstream: text,
      details: { subject: stopSubject },
    });
    expect(failure.details).not.toHaveProperty("delivered");
  });

  it.each([
    '{"success":true}',
    '{"success":false,"error":"could not serialise"}',
    '{"success":true,"message":null}',
  ])("is upstream_invalid at once for half an envelope: %s (wasmcloud-control §2.0)", async (text) => {
    await answer(stopSubject, [text]);
    const failure = await failureOf(client.stopProvider(stop));
    expect(failure).toMatchObject({ code: "upstream_invalid", upstream: text });
    expect(failure.message).toContain("has no message");
  });

  it("shortens a long text", async () => {
    await answer(stopSubject, ["<".repeat(50_000)]);
    const failure = await failureOf(client.stopProvider(stop));
    expect(failure.upstream).toMatch(/^<{300}… \(50000 bytes\)$/);
  });

  it("never quotes what may be a secret", async () => {
    await answer("wasmbus.ctl.v1.default.config.get.SECRET_db", [
      '{"success":true,"message":"","response":{"p":["hunter2"]}}',
    ]);
    const failure = await failureOf(client.getConfig("SECRET_db"));
    expect(failure.code).toBe("upstream_invalid");
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });
});

describe("a reply of a host", () => {
  it("is returned, not thrown, when it refuses", async () => {
    await answer(stopSubject, ['{"success":false,"message":"provider with that ID is not running"}']);
    const reply = await client.stopProvider(stop);
    expect(reply).toMatchObject({ success: false, message: "provider with that ID is not running" });
    expect(reply.response).toBeUndefined();
  });

  it("is never judged by its text (trap 39)", async () => {
    await answer(stopSubject, ['{"success":true,"message":"error: failed, timed out, no responders"}']);
    expect(await client.stopProvider(stop)).toMatchObject({ success: true });
  });

  it.each(["{}", "null", "[1]", '"x"', "0"])(
    "without data may hold anything in response: %s",
    async (response) => {
      await answer(stopSubject, [`{"success":true,"message":"","response":${response},"more":1}`]);
      const reply = await client.stopProvider(stop);
      expect(reply).toMatchObject({ success: true, message: "" });
      expect(reply.response).toBeUndefined();
    },
  );

  it("counts first of two hosts with the same id (trap 41)", async () => {
    // A server hands one message to two subscriptions in no particular order, so one of them answers for both hosts.
    const replies = ['{"success":true,"message":"first"}', '{"success":false,"message":"second"}'];
    const seen = await answer(stopSubject, replies);
    expect(await client.stopProvider(stop)).toMatchObject({ message: "first" });
    expect(seen).toHaveLength(1);
  });

  it("is upstream_invalid when its data cannot be read", async () => {
    await answer("wasmbus.ctl.v1.default.link.get", [
      '{"success":true,"message":"","response":{"links":[]}}',
    ]);
    expect(await failureOf(client.getLinks())).toMatchObject({
      code: "upstream_invalid",
      upstream: '{"links":[]}',
    });
  });

  it("may come late within the timeout (trap 38)", async () => {
    const callback = (_: Error | null, message: Msg): void =>
      void setTimeout(() => message.respond(accepted), 150);
    subscriptions.push(responder.subscribe(stopSubject, { callback }));
    await responder.flush();
    expect(await client.stopProvider(stop)).toMatchObject({ success: true });
  });

  it("may be 10 MB where the server lets it through", async () => {
    const values = { big: "x".repeat(10 * 1024 * 1024) };
    await answer("wasmbus.ctl.v1.default.config.get.big", [
      JSON.stringify({ success: true, message: "", response: values }),
    ]);
    const patient = new ControlClient(nats, { lattice: "default", timeoutMs: 20_000 });
    const reply = await patient.getConfig("big");
    expect(reply.response?.big).toHaveLength(10 * 1024 * 1024);
  });

  it("reaches the client although a stream captures the control subjects (trap 40)", async () => {
    const manager = await responder.jetstreamManager();
    await manager.streams.add({ name: "CTL", subjects: ["wasmbus.ctl.>"] });
    try {
      await answer(stopSubject, [accepted]);
      expect(await client.stopProvider(stop)).toMatchObject({ success: true, message: "from the host" });
      const silent = await failureOf(client.getHostInventory(hostId));
      expect(silent.code).toBe("upstream_invalid");
      expect(silent.upstream).toContain('"stream":"CTL"');
    } finally {
      await manager.streams.delete("CTL");
    }
  });
});

it("keeps many requests apart and leaves no subscription behind", async () => {
  const callback = (_: Error | null, message: Msg): void => {
    const name = message.subject.split(".").pop() as string;
    message.respond(JSON.stringify({ success: true, message: "", response: { name } }));
  };
  subscriptions.push(responder.subscribe("wasmbus.ctl.v1.default.config.get.*", { callback }));
  await responder.flush();
  const names = Array.from({ length: 200 }, (_, index) => `config-${index}`);
  const patient = new ControlClient(nats, { lattice: "default", timeoutMs: 20_000 });
  const replies = await Promise.all(names.map((name) => patient.getConfig(name)));
  expect(replies.map((reply) => reply.response?.name)).toEqual(names);
  const held = (nats as unknown as { protocol: { subscriptions: { subs: Map<number, unknown> } } }).protocol;
  expect(held.subscriptions.subs.size).toBe(0);
});

describe("a connection that cannot carry the request", () => {
  it("does not send more than the server takes", async () => {
    const small = await startNatsServer({ maxPayload: 4_096 });
    const connection = await connect({ servers: small.url });
    try {
      const seen: Msg[] = [];
      connection.subscribe("wasmbus.>", { callback: (_, message) => void seen.push(message) });
      const sender = new ControlClient(connection, { lattice: "default", timeoutMs: 400 });
      const failure = await failureOf(sender.putConfig("big", { value: "é".repeat(3_000) }));
      expect(failure).toMatchObject({
        code: "invalid_input",
        details: { delivered: false, limit: 4_096, bytes: 6_012 },
      });
      await connection.flush();
      expect(seen).toEqual([]);
      expect(await failureOf(sender.putConfig("small", { value: "x" }))).toMatchObject({ code: "timeout" });
      expect(seen).toHaveLength(1);
    } finally {
      await connection.close();
      await small.stop();
    }
  });

  it("fails without sending once closed, and while draining", async () => {
    const connection = await connect({ servers: server.url });
    const closing = new ControlClient(connection, { lattice: "default" });
    await connection.close();
    const expected = { code: "unreachable", details: { delivered: false, subject: stopSubject } };
    expect(await failureOf(closing.stopProvider(stop))).toMatchObject(expected);
    expect(await failureOf(closing.getHosts())).toMatchObject({
      code: "unreachable",
      details: { delivered: false },
    });
    expect(await failureOf(closing.putRegistries({}))).toMatchObject({ code: "unreachable" });
  });

  it("does not claim to know about delivery when it is closed while waiting", async () => {
    const connection = await connect({ servers: server.url });
    const waiting = new ControlClient(connection, { lattice: "default", timeoutMs: 20_000 });
    const seen = await answer(stopSubject, []);
    const outcome = failureOf(waiting.stopProvider(stop));
    await expect.poll(() => seen.length).toBe(1);
    await connection.close();
    const failure = await outcome;
    expect(failure).toMatchObject({ code: "unreachable", details: { subject: stopSubject } });
    expect(failure.details).not.toHaveProperty("delivered");
  });

  it("never sends later what it reported as not sent while the server was away", async () => {
    const frail = await startNatsServer();
    // Long enough for attempts both before the first new dial and during the dials that follow.
    const connection = await connect({
      servers: frail.url,
      reconnectTimeWait: 600,
      maxReconnectAttempts: -1,
    });
    const listener = await connect({ servers: frail.url, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    try {
      const seen: Msg[] = [];
      listener.subscribe("wasmbus.>", { callback: (_, message) => void seen.push(message) });
      await listener.flush();
      const offline = new ControlClient(connection, { lattice: "default", timeoutMs: 20_000 });
      const during = failureOf(offline.stopProvider(stop));
      await expect.poll(() => seen.length).toBe(1);
      await frail.kill();
      const lost = await during;
      expect(lost.code).toBe("unreachable");
      expect(lost.details).not.toHaveProperty("delivered");
      const failures: FailureData[] = [];
      let tried = 0;
      const attempts = setInterval(() => {
        tried += 1;
        void failureOf(offline.putConfig("late", {})).then(
          (failure) => failures.push(failure),
          () => undefined,
        );
      }, 5);
      await expect.poll(() => failures.length).toBeGreaterThan(20);
      clearInterval(attempts);
      await expect.poll(() => failures.length).toBe(tried);
      expect(failures.every((failure) => failure.details?.delivered === false)).toBe(true);
      await frail.restart();
      await expect
        .poll(
          () =>
            offline.putRegistries({}).then(
              ({ success }) => success,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);
      await connection.flush();
      await listener.flush();
      expect(seen.map((message) => message.subject)).not.toContain("wasmbus.ctl.v1.default.config.put.late");
    } finally {
      await connection.close();
      await listener.close();
      await frail.stop();
    }
  });

  it("receives replies under an inbox prefix of its own, for users who may not use _INBOX", async () => {
    const restricted = await startNatsServer({
      extraConfiguration: `authorization { users: [
        { user: host, password: pw }
        { user: operator, password: pw, permissions: { subscribe: { allow: ["_INBOX_operator.>"] } } }
      ] }`,
    });
    const host = await connect({ servers: restricted.url, user: "host", pass: "pw" });
    const connection = await connect({ servers: restricted.url, user: "operator", pass: "pw" });
    try {
      const body = { success: true, message: "", response: [] };
      host.subscribe("wasmbus.ctl.v1.default.>", {
        callback: (_error, message) => message.respond(JSON.stringify(body)),
      });
      await host.flush();
      const options = {
        lattice: "default",
        timeoutMs: 2_000,
        auctionTimeoutMs: 300,
        inboxPrefix: "_INBOX_operator",
      };
      const limited = new ControlClient(connection, options);
      expect(await limited.getLinks()).toMatchObject({ success: true });
      expect(await limited.getHosts()).toMatchObject({ ended: "window" });
      const usual = new ControlClient(connection, { lattice: "default", timeoutMs: 500 });
      expect((await failureOf(usual.getLinks())).code).not.toBe("invalid_input");
    } finally {
      await connection.close();
      await host.close();
      await restricted.stop();
    }
  });

  it("says when the server's permissions are in the way", async () => {
    const restricted = await startNatsServer({
      extraConfiguration: `authorization { users: [
        { user: operator, password: pw, permissions: { publish: { deny: ["wasmbus.ctl.v1.default.registry.put", "${stopSubject}", "*.*.*.*.host.ping"] }, subscribe: { deny: ["wasmbus.evt.>"] } } }
      ] }`,
    });
    const connection = await connect({ servers: restricted.url, user: "operator", pass: "pw" });
    try {
      const limited = new ControlClient(connection, { lattice: "default", timeoutMs: 5_000 });
      const refused = { code: "forbidden", details: { delivered: false } };
      expect(await failureOf(limited.stopProvider(stop))).toMatchObject(refused);
      expect(await failureOf(limited.putRegistries({ "r.test": { token: "t0ken" } }))).toMatchObject(refused);
      expect(await failureOf(limited.getHosts())).toMatchObject(refused);
      expect(await failureOf(limited.getLinks())).toMatchObject({ code: "unreachable" });
    } finally {
      await connection.close();
      await restricted.stop();
    }
  });
});
