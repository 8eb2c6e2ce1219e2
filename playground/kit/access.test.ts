import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { request } from "node:http";
import { createConnection } from "node:net";
import { join } from "node:path";
import { Redis } from "iovalkey";
import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Playground, startPlayground } from "../playground.ts";

const foreign = "http://evil.example";

let playground: Playground;
let flowfabric: Record<string, string>;
let forge: Record<string, string>;

beforeAll(async () => {
  const systems = ["flowfabric", "forge", "flux"];
  playground = await startPlayground({ calm: true, staging: false, hosts: 1, configBucket: true, systems });
  expect(playground.systems.problems).toEqual([]);
  const reach = (name: string) => playground.systems.running.get(name)?.reach as Record<string, string>;
  flowfabric = reach("flowfabric");
  forge = reach("forge");
});
afterAll(() => playground.stop());

describe("NATS", () => {
  it.each([
    ["nobody", {}],
    ["another token", { token: "another" }],
    ["a user", { user: "operator", pass: "operator" }],
  ])("refuses %s", async (_who, options) => {
    await expect(connect({ servers: playground.natsUrl, reconnect: false, ...options })).rejects.toThrow(
      /authorization/i,
    );
  });

  it("takes who has the token, also when it comes back from the dead", async () => {
    const enter = async () => {
      const nats = await connect({ servers: playground.natsUrl, token: playground.natsToken });
      await nats.flush();
      await nats.close();
    };
    await enter();
    await playground.nats.kill();
    await playground.nats.restart();
    await enter();
    await expect(connect({ servers: playground.natsUrl, reconnect: false })).rejects.toThrow(
      /authorization/i,
    );
  });
});

/** What a websocket that says CONNECT with this token hears, or the status that its opening was refused with. */
function greeting(headers: Record<string, string>, token?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(String(playground.websocketUrl), { headers });
    let heard = "";
    const finish = (result: string): void => {
      resolve(result);
      socket.terminate();
    };
    socket.on("unexpected-response", (_request, response) => finish(String(response.statusCode)));
    socket.on("error", reject);
    socket.on("open", () =>
      socket.send(`CONNECT ${JSON.stringify({ verbose: false, auth_token: token })}\r\nPING\r\n`),
    );
    socket.on("message", (data) => {
      heard += String(data);
      if (/-ERR|PONG/.test(heard)) finish(heard.replace(/^INFO .*\r\n/, "").trim());
    });
  });
}

describe("NATS by websocket", () => {
  const port = () => playground.nats.websocketPort;

  it("refuses every page, even one that knows the token", async () => {
    const { natsToken: token } = playground;
    const own = `127.0.0.1:${port()}`;
    const rebound = `evil.example:${port()}`;
    for (const origin of [foreign, "null", "file://", `http://${own}`, "http://no-web-page.invalid"])
      expect(await greeting({ origin }, token), origin).toBe("403");
    expect(await greeting({ origin: `http://${rebound}`, host: rebound }, token)).toBe("403");
  });

  it("takes a program that has the token, and no other", async () => {
    expect(await greeting({})).toMatch(/^-ERR 'Authorization Violation'/);
    expect(await greeting({}, "another")).toMatch(/^-ERR 'Authorization Violation'/);
    expect(await greeting({}, playground.natsToken)).toBe("PONG");
  });
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Status, headers and body of an answer; with headers that `fetch` would not let through. */
function ask(url: string, { method = "GET", headers = {}, body = "" }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const asked = request(url, { method, headers }, (response) => {
        let text = "";
        response.on("data", (data: Buffer) => {
          text += data.toString();
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      asked.on("error", reject);
      asked.end(body);
    },
  );
}

describe.each([
  ["FlowFabric", () => flowfabric, "/v1/executions?partition_id=3&limit=5"],
  ["the jobs server", () => forge, "/queue/overview"],
])("%s", (_name, reach, path) => {
  const url = () => `${reach().url}${path}`;
  const signedIn = () => ({ authorization: `Bearer ${reach().token}` });

  it("wants its token", async () => {
    expect((await ask(url())).status).toBe(401);
    expect((await ask(url(), { headers: { authorization: "Bearer playground" } })).status).toBe(401);
    expect((await ask(url(), { headers: signedIn() })).status).not.toBe(401);
  });

  it.each([
    ["a page of another origin", { origin: foreign }],
    ["a page of another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["what a page of another site loads", { "sec-fetch-site": "cross-site" }],
    ["what a page of another port loads", { "sec-fetch-site": "same-site" }],
    ["a name that was made to lead here", { host: "evil.example" }],
    ["a name that only begins like one", { host: "localhost.evil.example" }],
    ["such a name as its own origin", { host: "evil.example:81", origin: "http://evil.example:81" }],
  ])("refuses %s, whatever it asks and although it has the token", async (_who, headers) => {
    for (const method of ["GET", "POST", "OPTIONS"])
      for (const target of [url(), `${reach().url}/healthz`, `${reach().url}/metrics`]) {
        const answer = await ask(target, { method, headers: { ...signedIn(), ...headers }, body: "{}" });
        expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("no web page") });
        expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
  });

  it.each(["localhost", "127.0.0.1", "[::1]"])(
    "answers under the name %s, through any port",
    async (name) => {
      const headers = { ...signedIn(), host: `${name}:4711`, "sec-fetch-site": "none" };
      expect((await ask(url(), { headers })).status).toBe((await ask(url(), { headers: signedIn() })).status);
    },
  );
});

describe("Redis", () => {
  const port = () => Number(new URL(String(flowfabric.valkey)).port);
  const client = (password?: string) => {
    const credentials = password === undefined ? {} : { password };
    const redis = new Redis({ host: "127.0.0.1", port: port(), ...credentials, maxRetriesPerRequest: 0 });
    return redis.on("error", () => undefined);
  };

  it("wants its password", async () => {
    const nobody = client();
    const knowing = client(flowfabric.valkeyPassword);
    try {
      await expect(nobody.get("x")).rejects.toThrow(/NOAUTH/);
      expect(await knowing.get("x")).toBeNull();
    } finally {
      nobody.disconnect();
      knowing.disconnect();
    }
  });

  it("writes no file and loads no code even for who has it", async () => {
    const redis = client(flowfabric.valkeyPassword);
    try {
      await expect(redis.config("SET", "dir", "/tmp")).rejects.toThrow(/protected config/);
      await expect(redis.call("MODULE", "LOAD", "/tmp/x.so")).rejects.toThrow(/MODULE command not allowed/);
      await expect(redis.call("DEBUG", "RELOAD")).rejects.toThrow(/DEBUG command not allowed/);
    } finally {
      redis.disconnect();
    }
  });

  it("takes nothing from a page that posts its commands", async () => {
    const body = `AUTH ${flowfabric.valkeyPassword}\r\nSET posted 1\r\n`;
    await new Promise<void>((resolve) => {
      const socket = createConnection({ host: "127.0.0.1", port: port() });
      socket.on("error", () => undefined).on("close", () => resolve());
      socket.resume().write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${body}`);
    });
    const redis = client(flowfabric.valkeyPassword);
    try {
      expect(await redis.get("posted")).toBeNull();
    } finally {
      redis.disconnect();
    }
  });
});

/** Ids of this process and of those that it started, by Linux. */
function family(): string[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
        return parent === String(process.pid) || id === String(process.pid) ? [id] : [];
      } catch {
        return [];
      }
    });
  return parents;
}

/** Addresses on which these processes listen, in the kernel's notation. */
function listening(ids: readonly string[]): string[] {
  const sockets = new Set<string>();
  for (const id of ids)
    for (const name of readdirSync(`/proc/${id}/fd`)) {
      try {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${id}/fd/${name}`)) ?? [];
        if (inode !== undefined) sockets.add(inode);
      } catch {
        // It was closed meanwhile.
      }
    }
  const listens = "0A";
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listens && sockets.has(inode ?? ""))
      .map(([, address]) => address ?? ""),
  );
}

describe.skipIf(process.platform !== "linux")("on this machine", () => {
  it("everything listens on loopback alone", () => {
    const addresses = listening(family());
    // NATS, its websockets, Redis, FlowFabric and the jobs server.
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    expect(addresses.filter((address) => !address.startsWith("0100007F:"))).toEqual([]);
  });

  it("no secret stands on a command line, and the files with them are for their owner alone", () => {
    const secrets = [playground.natsToken, flowfabric.token, flowfabric.valkeyPassword, forge.token];
    const told = family().map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8"));
    expect(told.some((line) => line.includes("nats-server"))).toBe(true);
    for (const secret of secrets) {
      expect(secret).toMatch(/^[\w-]{32,}$/);
      expect(told.filter((line) => line.includes(String(secret)))).toEqual([]);
    }
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(statSync(playground.nats.folder).mode & 0o077).toBe(0);
    const [file] = readdirSync(playground.nats.folder).filter((name) => name.endsWith(".conf"));
    expect(statSync(join(playground.nats.folder, String(file))).mode & 0o077).toBe(0);
  });
});
