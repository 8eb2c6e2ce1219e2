import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InputFor, type OperationName, type OutputFor, operations } from "../shared/catalogue.ts";
import type { Operation, Scope } from "../shared/contract/index.ts";
import { everyCommand } from "../shared/testing/every-command.ts";
import { ConsoleUnderTest } from "./testing/console-files.ts";

const hostId = `N${"A".repeat(55)}`;
const all = Object.entries(operations) as [OperationName, Operation][];
const names = (kinds: readonly Operation["kind"][]) =>
  all.filter(([, { kind }]) => kinds.includes(kind)).map(([name]) => name);

let here: ConsoleUnderTest;
let address: string;
let fileToken: string;

beforeAll(async () => {
  here = await ConsoleUnderTest.start();
  await here.follow();
  const listening = await here.running.listen(0);
  address = listening.address;
  fileToken = readFileSync(join(here.directory, "token"), "utf8").trim();
});
afterAll(() => here.close());

/** A request with whatever proof is given; fields of the path that are not known stand for something. */
function send(name: OperationName, proof: string | undefined, input: Record<string, unknown> = {}) {
  const { method, path } = operations[name];
  const rest = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_match, field: string) => {
    const value = String(rest[field] ?? "here");
    delete rest[field];
    return encodeURIComponent(value);
  });
  const headers: Record<string, string> = proof ? { authorization: `Bearer ${proof}` } : {};
  const bodied = method === "POST" || method === "PUT";
  return fetch(new URL(`/api${filled}`, address), {
    method,
    headers: { ...headers, "content-type": "application/json" },
    ...(bodied ? { body: JSON.stringify(rest) } : {}),
  });
}

async function answer<Name extends OperationName>(
  name: Name,
  proof: string,
  input: InputFor<Name>,
): Promise<OutputFor<Name>> {
  const response = await send(name, proof, input as Record<string, unknown>);
  const body = await response.json();
  if (!response.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
  return body as OutputFor<Name>;
}

let made = 0;
const newToken = (scope: Scope, name = `token ${++made}`) =>
  answer("console.tokens.create", fileToken, { name, scope });

/** A browser that a link of this proof signs in. */
async function signedIn(proof: string, scope?: Scope): Promise<string> {
  const link = await answer("console.sessions.invite", proof, scope ? { scope } : {});
  const token = new URL(link.address).hash.replace("#token=", "");
  const response = await fetch(new URL("/api/session", address), {
    method: "POST",
    body: JSON.stringify({ token }),
    headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0" },
  });
  return ((await response.json()) as { session: string }).session;
}

/** Opens a live stream; `end` says how it ended. */
async function stream(proof: string): Promise<{ end: Promise<string> }> {
  const headers = { authorization: `Bearer ${proof}` };
  const response = await fetch(new URL("/api/stream?topics=connections", address), { headers });
  expect(response.status).toBe(200);
  const end = response.text().then(
    () => "read to its end",
    () => "cut off",
  );
  return { end };
}

describe("without a proof", () => {
  it.each(all.map(([name]) => name))("%s is refused", async (name) => {
    for (const proof of [undefined, "nothing", `${fileToken}x`, fileToken.slice(0, -1)])
      expect((await send(name, proof)).status).toBe(401);
  });

  it.each(["/api/openapi.json", "/api/stream?topics=connections", "/api/session", "/api/none"])(
    "GET %s is refused",
    async (path) => {
      expect((await fetch(new URL(path, address))).status).toBe(401);
    },
  );
});

describe("a token that may only read", () => {
  let token: string;
  let session: string;
  beforeAll(async () => {
    token = (await newToken("read")).token;
    session = await signedIn(fileToken, "read");
  });

  it.each(names(["command", "local"]))("may not ask for %s, nor may such a session", async (name) => {
    const inputs = new Map<string, unknown>(everyCommand({ connectionId: "here", hostId }));
    for (const proof of [token, session]) {
      const response = await send(name, proof, inputs.get(name) as Record<string, unknown> | undefined);
      expect([response.status, await response.json()]).toMatchObject([
        403,
        { code: "forbidden", message: "This token or session may only read.", hint: expect.any(String) },
      ]);
    }
  });

  it.each(names(["query"]))("may ask for %s", async (name) => {
    expect((await send(name, token)).status).not.toBe(403);
  });

  it("follows live topics, and signs itself out", async () => {
    const headers = { authorization: `Bearer ${session}` };
    const own = () => fetch(new URL("/api/session", address), { headers });
    expect(await (await own()).json()).toMatchObject({ scope: "read" });
    const response = await fetch(new URL("/api/stream?topics=connections", address), { headers });
    expect(response.status).toBe(200);
    const out = await fetch(new URL("/api/session", address), { method: "DELETE", headers });
    expect(out.status).toBe(200);
    expect((await own()).status).toBe(401);
    await expect(response.text()).rejects.toThrow();
  });

  it("has changed nothing", async () => {
    expect(await here.output("activity.list")).toEqual([]);
    expect((await here.output("console.tokens.list")).map(({ name }) => name)).toContain("token file");
  });
});

describe("who acted", () => {
  const command = "lattice.labels.put";
  const input = { connectionId: "here", hostId, key: "zone", value: "eu-1" };
  const actor = async () => (await here.output("activity.list", { limit: 1 }))[0]?.actor;

  it("is named in the activity: each token, each browser session", async () => {
    await send(command, fileToken, input);
    expect(await actor()).toBe("http:token file");
    await send(command, (await newToken("change", "night deploys")).token, input);
    expect(await actor()).toBe("http:night deploys");
    const session = await signedIn(fileToken);
    await send(command, session, input);
    const [own] = (await answer("console.sessions.list", session, {})).filter((one) => one.own);
    expect(own).toMatchObject({
      browser: "Firefox 132 on Linux",
      madeBy: "http:token file",
      scope: "change",
    });
    expect(await actor()).toBe(`browser session ${own?.id}`);
    expect(JSON.stringify(own)).not.toContain(session);
  });
});

describe("the end", () => {
  it("of a token is at once, with its stream and the sessions that its links opened, also in turn", async () => {
    const { id, token } = await newToken("change");
    const session = await signedIn(token);
    const further = await signedIn(session);
    const other = await signedIn(fileToken);
    const streams = await Promise.all([token, session, further].map(stream));
    expect(await answer("console.tokens.revoke", fileToken, { tokenId: id })).toEqual({ revoked: true });
    for (const proof of [token, session, further])
      expect((await send("console.info", proof)).status).toBe(401);
    expect(await Promise.all(streams.map(({ end }) => end))).toEqual(Array(3).fill("cut off"));
    expect((await send("console.info", other)).status).toBe(200);
  });

  it("of a session that another one closes is at once, and it hears why", async () => {
    const session = await signedIn(fileToken);
    const { end } = await stream(session);
    const [own] = (await answer("console.sessions.list", session, {})).filter((one) => one.own);
    const closed = await answer("console.sessions.close", fileToken, { sessionId: own?.id ?? "" });
    expect(closed).toEqual({ closed: true });
    expect(await end).toBe("cut off");
    expect(await (await send("console.info", session)).json()).toMatchObject({
      code: "unauthenticated",
      details: { ended: "signed-out" },
    });
  });

  it("of the session that switches its own token off is told, too", async () => {
    const { id, token } = await newToken("change");
    const session = await signedIn(token);
    await answer("console.tokens.revoke", fileToken, { tokenId: id });
    expect(await (await send("console.info", session)).json()).toMatchObject({
      details: { ended: "revoked" },
    });
  });
});

describe("pages of others", () => {
  const { host, origin } = { host: "evil.example", origin: "http://evil.example" };
  const proofs = async () => [fileToken, await signedIn(fileToken)];

  it.each<[string, Record<string, string>]>([
    ["another origin", { origin }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed frame", { origin: "null" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["the same site", { "sec-fetch-site": "same-site" }],
    ["something new", { "sec-fetch-site": "nearby" }],
  ])("(%s) are refused, whatever proof they hold", async (_who, headers) => {
    for (const proof of await proofs()) {
      for (const path of ["/api/info", "/api/stream?topics=connections", "/api/session"]) {
        const given = { authorization: `Bearer ${proof}`, ...headers };
        expect((await fetch(new URL(path, address), { headers: given })).status, path).toBe(403);
      }
    }
    const trade = await fetch(new URL("/api/session", address), { method: "POST", headers, body: "{}" });
    expect(trade.status).toBe(403);
  });

  it("are told nothing by a preflight", async () => {
    const headers = { origin, "access-control-request-method": "POST", host };
    const reply = await fetch(new URL("/api/info", address), { method: "OPTIONS", headers });
    expect(reply.status).toBe(403);
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});
