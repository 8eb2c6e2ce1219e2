import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { workload } from "../../../playground/flux/workload.ts";
import { type ConsoleSide, holder, openConsoleSide, token } from "../testing/console-side.ts";

let here: ConsoleSide;
const daemons: SimulatedDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) daemon.stop();
  await here.close();
});

function dial(options: { token?: string; connect?: string; name?: string } = {}): SimulatedDaemon {
  const workloads = [workload("shop:deployment/checkout", { web: "checkout:1" })];
  const daemon = new SimulatedDaemon({
    name: "shop",
    connect: here.url,
    token,
    redialMs: 30,
    workloads,
    ...options,
  });
  daemons.push(daemon);
  daemon.start();
  return daemon;
}

const connected = (id = "shop") => vi.waitFor(() => expect(here.session.daemon(id).isConnected).toBe(true));

/** The status of a plain request to the listener; 0 where it was cut off. */
function ask(
  path: string,
  options: { method?: string; body?: string | Buffer; headers?: Record<string, string> } = {},
) {
  const { method = "GET", body, headers = {} } = options;
  return new Promise<number>((resolve) => {
    const sent = request(here.url.replace("ws", "http") + path, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}

/** The status of an attempt to open a websocket. */
function knock(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(here.url + path, { headers });
    socket.on("open", () => {
      resolve(101);
      socket.terminate();
    });
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => resolve(0));
  });
}

const signed = (secret: string) => ({ Authorization: `Scope-Probe token=${secret}` });

describe("who may come in", () => {
  it("a daemon with its token, also below a prefix as of a reverse proxy", async () => {
    here = await openConsoleSide();
    dial({ connect: `${here.url}/api/flux/` });
    await connected();
    expect(here.session.describe()).toMatchObject({
      sockets: 1,
      refused: [],
      loopbackOnly: true,
      tls: false,
    });
  });

  it("nobody with another token or none: 401, never 410, and it is shown who knocked", async () => {
    here = await openConsoleSide();
    const stranger = dial({ token: "wrong" });
    await vi.waitFor(() => expect(here.session.describe().refused[0]?.count).toBeGreaterThan(2));
    expect(stranger.expelled).toBe(false);
    expect(here.session.describe().refused).toMatchObject([
      { path: "/v11/daemon", reason: "unknown token", remoteAddress: "127.0.0.1" },
    ]);
    expect(await knock("/v11/daemon", {})).toBe(401);
    expect(here.session.describe().refused[0]).toMatchObject({ reason: "no token" });
    expect(JSON.stringify(here.session.describe())).not.toContain("wrong");
    expect(here.session.rows()).toMatchObject([{ status: "waiting", registrations: 0 }]);
  });

  it("no web page, and nobody on a path that there is not", async () => {
    here = await openConsoleSide();
    expect(await knock("/v11/daemon", { ...signed(token), Origin: "https://example.com" })).toBe(401);
    expect(await knock("/v5/daemon", signed(token))).toBe(404);
    expect(await knock("/v12/daemon", signed(token))).toBe(404);
    expect(await ask("/v11/daemon", { headers: signed(token) })).toBe(426);
    expect(await ask("/", { headers: signed(token) })).toBe(404);
    expect(await ask("/")).toBe(401);
    expect(here.session.describe().refused.map(({ reason }) => reason)).toContain(
      "protocol V5 is not spoken here",
    );
  });

  it("a flood of wrong tokens is cut off, and the right one still gets in", async () => {
    here = await openConsoleSide({ limits: { refusalsPerMinute: 5 } });
    const answers = [];
    for (let count = 0; count < 20; count++)
      answers.push(await knock("/v11/daemon", signed(`guess-${count}`)));
    expect(answers.filter((status) => status === 401).length).toBeGreaterThanOrEqual(5);
    expect(answers.at(-1)).toBe(0);
    dial();
    await connected();
  });

  it("no more sockets than allowed", async () => {
    here = await openConsoleSide({ limits: { sockets: 1 } });
    dial();
    await connected();
    expect(await knock("/v11/daemon", signed(token))).toBe(0);
    await here.session.daemon("shop").client.ping();
  });

  it("the newest of two with one token; when they take turns, that is said", async () => {
    here = await openConsoleSide();
    dial();
    await connected();
    dial({ name: "twin" });
    await vi.waitFor(() => expect(here.session.rows()[0]?.warnings[0]).toMatch(/share this token/));
    expect(here.session.listener.socketCount).toBeLessThanOrEqual(2);
  });

  it("nobody any more whose token was revoked or replaced", async () => {
    here = await openConsoleSide({ daemons: [holder("shop"), holder("infra", "other")] });
    const daemon = dial();
    await connected();
    here.adopt([holder("shop", "new one"), holder("infra", "other")]);
    await vi.waitFor(() => expect(here.session.rows()[0]?.status).toBe("disconnected"));
    await vi.waitFor(() => expect(here.session.describe().refused[0]?.reason).toBe("unknown token"));
    expect(daemon.connected).toBe(false);
    here.adopt([holder("infra", "other")]);
    expect(here.session.rows().map(({ id }) => id)).toEqual(["infra"]);
  });
});

describe("what comes over the socket", () => {
  it("may come in pieces, in another order, twice, or beside text messages", async () => {
    here = await openConsoleSide();
    const daemon = dial();
    await connected();
    const { client } = here.session.daemon("shop");
    await vi.waitFor(() => expect(daemon.connected).toBe(true));
    daemon.faults.add({ kind: "delay", on: "Ping", milliseconds: 100, count: 1 });
    daemon.faults.add({ kind: "split", on: "Version" });
    daemon.faults.add({ kind: "duplicate", on: "SyncStatus" });
    daemon.sendText('{"id":0,"result":{},"error":null}');
    const order: string[] = [];
    await Promise.all([
      client.ping().then(() => order.push("ping")),
      client.daemonVersion().then((version) => order.push(version)),
      client.syncStatus("HEAD").then(() => order.push("sync")),
    ]);
    expect(order.at(-1)).toBe("ping");
    expect(order).toContain("1.25.4");
    await client.ping();
  });

  it("may be large, in frames of 4096 bytes", async () => {
    here = await openConsoleSide();
    const daemon = dial();
    await connected();
    daemon.faults.add({ kind: "huge", on: "UpdateManifests", bytes: 5_000_000 });
    const id = await here.session
      .daemon("shop")
      .client.updateManifests({ type: "sync", cause: { Message: "", User: "" }, spec: {} });
    expect(id).toHaveLength(5_000_000);
  });

  it("is refused at 100 MB, without harm to the others", async () => {
    here = await openConsoleSide({ daemons: [holder("shop"), holder("infra", "other")] });
    const daemon = dial();
    dial({ name: "infra", token: "other" });
    await Promise.all([connected(), connected("infra")]);
    await here.session.daemon("shop").readFacts();
    daemon.send(Buffer.alloc(100 * 1024 * 1024, "{"));
    await vi.waitFor(() =>
      expect(here.session.rows()[0]?.lastError?.message).toBe(
        "it sent a message that is larger than allowed",
      ),
    );
    await here.session.daemon("infra").client.ping();
    await connected();
  });

  it.each(["garbage", "null-result", "wrong-shape"] as const)(
    "that is no answer (%s) ends the connection, and it comes back",
    async (kind) => {
      here = await openConsoleSide();
      const daemon = dial();
      await connected();
      await here.session.daemon("shop").readFacts();
      daemon.faults.add({ kind, on: "ListServices", count: 1 });
      await expect(here.session.daemon("shop").client.listServices("")).rejects.toThrow();
      await vi.waitFor(() =>
        expect(here.session.rows()[0]).toMatchObject({
          status: "connected",
          registrations: 2,
          malformedAnswers: 1,
        }),
      );
      expect(here.session.rows()[0]?.lastError?.message).toMatch(/JSON|result|reading the answer/);
      expect(await here.session.daemon("shop").client.listServices("")).toHaveLength(1);
    },
  );

  it("never comes from a daemon that hangs: the call ends by itself, and a late answer is passed over", async () => {
    here = await openConsoleSide({ times: { defaultMs: 100 } });
    const daemon = dial();
    await connected();
    await here.session.daemon("shop").readFacts();
    daemon.faults.add({ kind: "delay", on: "SyncStatus", milliseconds: 200, count: 1 });
    await expect(here.session.daemon("shop").client.syncStatus("HEAD")).rejects.toThrow(
      "no answer to SyncStatus within 0.1 s",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await here.session.daemon("shop").client.ping();
  });

  it("is silence: a daemon that answers no pings is dropped, and the waiting call with it", async () => {
    here = await openConsoleSide({ limits: { pingMs: 30, silenceMs: 150 }, times: { listMs: 20_000 } });
    const daemon = dial();
    await connected();
    await here.session.daemon("shop").readFacts();
    daemon.faults.add({ kind: "no-pongs" });
    daemon.faults.add({ kind: "hang", on: "ListServices" });
    await expect(here.session.daemon("shop").client.listServices("")).rejects.toThrow(/nothing was heard/);
  });

  it("a connection that breaks in the middle fails every waiting call", async () => {
    here = await openConsoleSide();
    const daemon = dial();
    await connected();
    await here.session.daemon("shop").readFacts();
    daemon.faults.add({ kind: "drop", on: "ListServices", count: 1 });
    daemon.faults.add({ kind: "hang", on: "SyncStatus", count: 1 });
    const { client } = here.session.daemon("shop");
    const calls = await Promise.allSettled([client.syncStatus("HEAD"), client.listServices("")]);
    expect(calls.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await vi.waitFor(() => expect(here.session.rows()[0]?.registrations).toBe(2));
  });
});

describe("events", () => {
  const post = (body: string | Buffer, secret = token) =>
    ask("/api/flux/v6/events", { method: "POST", body, headers: signed(secret) });

  it("are accepted whatever they say, also while the daemon is not connected", async () => {
    here = await openConsoleSide();
    expect(await post('{"id":0,"type":"sync","serviceIDs":null}')).toBe(204);
    expect(await post("no JSON")).toBe(204);
    expect(here.events.kept.map(({ event }) => event.type)).toEqual(["sync", "malformed"]);
    expect(here.session.rows()[0]).toMatchObject({ status: "waiting", lastEventAt: expect.any(String) });
  });

  it("are refused with another token, from a web page, and when they are larger than allowed", async () => {
    here = await openConsoleSide({ limits: { eventBytes: 1_000 } });
    expect(await post("{}", "wrong")).toBe(401);
    expect(await post(Buffer.alloc(2_000))).toBe(413);
    const packed = { ...signed(token), "Content-Encoding": "gzip" };
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(await ask("/v6/events", { method: "POST", body: bomb, headers: packed })).toBe(413);
    const ofAPage = { ...signed(token), Origin: "https://example.com" };
    expect(await ask("/v6/events", { method: "POST", body: "{}", headers: ofAPage })).toBe(401);
    expect(here.session.describe().refused[0]?.reason).toBe("a web page tried to connect");
    expect(here.events.kept).toEqual([]);
  });

  it("that come in a flood are accepted, because a refusal breaks the daemon's jobs, and not all kept", async () => {
    here = await openConsoleSide({ limits: { eventsPerMinute: 10 } });
    const answers = [];
    for (let count = 0; count < 40; count++)
      answers.push(await post(`{"type":"commit","message":"${count}"}`));
    expect(new Set(answers)).toEqual(new Set([204]));
    expect(here.session.describe().droppedEvents).toBeGreaterThanOrEqual(20);
    expect(here.events.kept.length + here.session.describe().droppedEvents).toBe(40);
  });
});
