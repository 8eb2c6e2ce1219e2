import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OperationName, operations } from "../../shared/catalogue.ts";
import type { Activity, CommandOperation, Guard, Operation, Reply } from "../../shared/contract/index.ts";
import { everyCommand } from "../../shared/testing/every-command.ts";
import { connectIpc, type IpcParts } from "../bridge/ipc.ts";
import { checkExport } from "../storage/activity-check.ts";
import { existingKey } from "../storage/activity-key.ts";
import { ConsoleUnderTest } from "../testing/console-files.ts";

const hostId = `N${"A".repeat(55)}`;
/** A good input for every command there is; one whose fields have no sample stops everything here. */
const inputs = Object.fromEntries(everyCommand({ connectionId: "here", hostId })) as Record<
  string,
  Record<string, unknown>
>;

const isCommand = (entry: [string, Operation]): entry is [OperationName, CommandOperation] =>
  entry[1].kind === "command";
const commands = (Object.entries(operations) as [OperationName, Operation][]).filter(isCommand);
const names = commands.map(([name]) => name);

let here: ConsoleUnderTest;
let address: URL;
let authorization = "";
let ipcCall: (...call: unknown[]) => unknown;

beforeAll(async () => {
  here = await ConsoleUnderTest.start();
  const listening = await here.running.listen(0);
  address = new URL(listening.address);
  const token = new URL(listening.signInLink()).hash.replace("#token=", "");
  const opened = await fetch(new URL("/api/session", address), {
    method: "POST",
    body: JSON.stringify({ token }),
  });
  authorization = `Bearer ${((await opened.json()) as { session: string }).session}`;
  const { dispatcher, hub } = here.running;
  // The real adapter; only Electron's own end of the channel is missing here.
  const ipcMain = {
    handle: (_channel: string, listener: typeof ipcCall) => {
      ipcCall = listener;
    },
    on: () => undefined,
  } as unknown as IpcParts["ipcMain"];
  connectIpc({ ipcMain, dispatcher, hub, actor: "ada", isTrusted: () => true });
});
afterAll(() => here.close());

/** The command as the window sends it. */
async function overIpc(name: OperationName, options: unknown = {}, more = {}): Promise<Reply<Activity>> {
  return (await ipcCall({}, name, { ...inputs[name], ...more }, options)) as Reply<Activity>;
}

/** The command as a request of the HTTP interface. */
async function overHttp(name: OperationName, headers: Record<string, string> = {}, more = {}) {
  const { path, method } = operations[name];
  const rest: Record<string, unknown> = { ...inputs[name], ...more };
  const filled = path.replace(/\{(\w+)\}/g, (_match, field: string) => {
    const value = String(rest[field]);
    delete rest[field];
    return encodeURIComponent(value);
  });
  const given = Object.entries(rest).map(([field, value]): [string, string] => [
    field,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const query = method === "DELETE" ? `?${new URLSearchParams(given)}` : "";
  const response = await fetch(new URL(`/api${filled}${query}`, address), {
    method,
    headers: { authorization, "content-type": "application/json", ...headers },
    ...(method === "DELETE" ? {} : { body: JSON.stringify(rest) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const recorded = async () => (await here.output("activity.list")).length;

it("every command of the catalogue is in the table, asks for a connection, and says what it does", () => {
  expect(Object.keys(inputs).sort()).toEqual([...names].sort());
  for (const [name, operation] of commands) {
    expect(operation.input.safeParse({ ...inputs[name], connectionId: undefined }).success, name).toBe(false);
    expect(operation.title(operation.input.parse(inputs[name])), name).toMatch(/^[A-Z].{3,}/);
    expect(operation.method, name).not.toBe("GET");
    expect(operation.path, name).toContain("{connectionId}");
  }
});

/** What changes only the console itself; a new one is put here after asking whether it is not a command. */
const local = [
  /^console\.(http\.switch|preferences\.save|tokens\.(create|revoke)|sessions\.(close|invite))$/,
  /^connections\.(save|remove|test|open|close|import)$/,
  /^guards\.lock$/,
  // What a stopped rotation has sent stays sent, and what it has not is never sent.
  /^flowfabric\.rotations\.stop$/,
  /^flux\.daemons\.(add|renew-token|remove)$/,
  // It reads, but what it reads is a credential: a caller that may only read does not get it.
  /^flowfabric\.waitpoints\.token$/,
  /^activity\.reconcile$/,
  /^playground\.disturb$/,
];

it("nothing that changes something outside passes for the console's own business", () => {
  const own = Object.entries(operations).filter(([, { kind }]) => kind === "local");
  expect(own.map(([name]) => name).filter((name) => !local.some((known) => known.test(name)))).toEqual([]);
});

it("what is not a command cannot change anything outside: queries are read with GET or only compute", () => {
  const posted = Object.entries(operations).filter(
    ([, { kind, method }]) => kind === "query" && method !== "GET",
  );
  const reading = /\.(preview[a-z-]*|auctions\.(component|provider))$|^forge\.jobs\.(list|match|count)$/;
  for (const [name] of posted) expect(name).toMatch(reading);
});

describe("with a field that the command does not have", () => {
  beforeAll(() => here.follow("open"));

  it.each(names)("%s is refused over both transports, and nothing is recorded", async (name) => {
    const before = await recorded();
    const message = "connection_id: unknown field, did you mean connectionId?";
    const more = { connection_id: "here" };
    const refused = { code: "invalid_input", message };
    expect(await overIpc(name, {}, more)).toMatchObject({ ok: false, failure: refused });
    expect(await overHttp(name, {}, more)).toMatchObject({ status: 400, body: refused });
    expect(await recorded()).toBe(before);
  });

  it("a queue that was misspelt is not taken for all queues", async () => {
    const { body } = await overHttp("forge.jobs.delete-by-status", {}, { queue: "mailers" });
    expect(body.message).toBe("queue: unknown field, did you mean queueName?");
  });
});

describe("on a read-only connection", () => {
  beforeAll(() => here.follow("read-only"));

  it.each(names)("%s is forbidden over both transports, and nothing is recorded", async (name) => {
    const refused = { ok: false, failure: { code: "forbidden" } };
    expect(await overIpc(name)).toMatchObject(refused);
    const confirmation = { token: "x", phrase: "Here" };
    expect(await overIpc(name, { confirmation })).toMatchObject(refused);
    const headers = { "switchyard-confirmation": "x", "switchyard-phrase": "Here" };
    expect(await overHttp(name, headers)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await overHttp(name)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await recorded()).toBe(0);
  });
});

describe.each<[Guard, boolean]>([
  ["confirm", false],
  ["protected", true],
])("on a connection that is guarded by %s", (guard, phraseNeeded) => {
  beforeAll(async () => {
    await here.follow(guard);
    await here.save(guard, {}, "there");
  });

  it.each(names)("%s needs a confirmation of exactly this input over both transports", async (name) => {
    const before = await recorded();
    const first = await overIpc(name);
    if (first.ok) throw new Error("done without a confirmation");
    const asked = first.failure;
    expect(asked).toMatchObject({ code: "confirmation_required", details: { guard, phraseNeeded } });
    expect(await overHttp(name)).toMatchObject({ status: 428, body: { details: { phraseNeeded } } });
    const token = String(asked.details?.token);
    const there = { ...inputs[name], connectionId: "there" };
    const elsewhere = await here.call(name, there, { confirmation: { token, phrase: "Here" } });
    expect(elsewhere).toMatchObject({ failure: { code: "confirmation_required" } });
    if (phraseNeeded) {
      const wrong = await overHttp(name, { "switchyard-confirmation": token, "switchyard-phrase": "here" });
      expect(wrong.status).toBe(428);
    }
    expect(await recorded()).toBe(before);
    const confirmation = phraseNeeded ? { token, phrase: "Here" } : { token };
    const reply = await overIpc(name, { confirmation });
    if (!reply.ok) expect(reply.failure.code).not.toBe("confirmation_required");
    expect(await recorded()).toBe(before + 1);
    expect(await overIpc(name, { confirmation })).toMatchObject({
      failure: { code: "confirmation_required" },
    });
  });

  it.runIf(phraseNeeded)(
    "unlocks for both transports what was typed in one, and locks again by hand over the other",
    async () => {
      const name = "lattice.labels.put";
      await here.save("protected", { relockMinutes: 5 });
      const needed = async () =>
        (await overHttp(name)).body.details as { token: string; phraseNeeded: boolean };
      expect(await needed()).toMatchObject({ phraseNeeded: true });
      const { token } = await needed();
      await overHttp(name, { "switchyard-confirmation": token, "switchyard-phrase": "Here" });
      expect(await here.output("guards.list")).toMatchObject([{ connectionId: "here" }]);
      expect(await needed()).toMatchObject({ phraseNeeded: false });
      expect(await overIpc(name)).toMatchObject({ failure: { details: { phraseNeeded: false } } });
      const locked = await fetch(new URL("/api/connections/here/lock", address), {
        method: "POST",
        headers: { authorization },
      });
      expect(await locked.json()).toEqual({ locked: true });
      expect(await overIpc(name)).toMatchObject({ failure: { details: { phraseNeeded: true } } });

      await overHttp(name, {
        "switchyard-confirmation": (await needed()).token,
        "switchyard-phrase": "Here",
      });
      expect(await here.output("guards.list")).toHaveLength(1);
      await here.save("protected", { relockMinutes: 6 });
      expect(await here.output("guards.list"), "another setting is another lock").toEqual([]);
    },
  );

  it("leaves a log whose export proves itself", async () => {
    const { text } = await here.output("activity.export");
    expect(checkExport(text)).toMatchObject({ ok: true });
    const key = existingKey(join(here.directory, "activity.key"));
    expect(checkExport(text, key)).toMatchObject({ ok: true, sealedAt: expect.any(String) });
    const response = await fetch(new URL("/api/activity/export", address), { headers: { authorization } });
    expect(response.headers.get("content-disposition")).toContain("activities.ndjson");
    expect((await response.text()).split("\n").length).toBeGreaterThan(names.length);
  });
});
