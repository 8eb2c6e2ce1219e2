import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../playground/kit/free-port.ts";
import { startNatsServer } from "../../playground/kit/nats-server.ts";
import { connectionsOperations } from "../../shared/connections/operations.ts";
import { type ConnectionRow, connectionRowSchema } from "../../shared/connections/schema.ts";
import { lockFolder } from "../storage/data-folder.ts";
import { openStorage } from "../storage/storage.ts";
import { systemClock } from "../upstream/clock.ts";
import { connectionsHandlers, connectionsTopicSources } from "./handlers.ts";
import { type ConnectionDraft, ConnectionManager } from "./manager.ts";
import type { ProfileStore } from "./profiles.ts";
import { memorySecrets, type SecretStore } from "./secrets.ts";
import { natsModule } from "./testing/nats-module.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "switchyard-manager-"));
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function memoryProfiles(): ProfileStore & { bodies: Map<string, string> } {
  const bodies = new Map<string, string>();
  return {
    bodies,
    load: () => [...bodies].map(([id, body]) => ({ id, body })),
    put: (id, body) => {
      bodies.set(id, body);
    },
    remove: (id) => {
      bodies.delete(id);
    },
  };
}

interface Parts {
  profiles?: ProfileStore;
  secrets?: SecretStore;
  home?: string;
}

function manager({ profiles = memoryProfiles(), secrets = memorySecrets(), home = folder() }: Parts = {}) {
  const made = new ConnectionManager({
    profiles,
    secrets,
    surroundings: { home, environment: {}, platform: "linux" },
    clock: systemClock,
    modules: { lattice: natsModule },
    onError: (error) => expect.unreachable(String(error)),
  });
  cleanups.push(() => made.closeAll());
  return made;
}

async function server(options: Parameters<typeof startNatsServer>[0] = {}) {
  const started = await startNatsServer(options);
  cleanups.push(() => started.stop());
  return started;
}

function draft(
  address: string,
  rest: Partial<Omit<ConnectionDraft["profile"], "system" | "target">> = {},
  target: object = {},
): ConnectionDraft {
  const common = { name: "Shop", color: "#4dabf7", environment: "DEV", system: "lattice" as const };
  return { profile: { ...common, ...rest, target: { addresses: [address], ...target } } };
}

/** The states that a connection went through, without repetitions. */
function statesOf(made: ConnectionManager, id: string): string[] {
  const states: string[] = [stateOf(made, id)];
  made.onChange((rows) => {
    for (const row of rows) {
      expect(connectionRowSchema.safeParse(row).success).toBe(true);
      if (row.profile.id === id && states.at(-1) !== row.status.state) states.push(row.status.state);
    }
  });
  return states;
}

function stateOf(made: ConnectionManager, id: string): string {
  return made.row(id).status.state;
}

describe("opening and closing", () => {
  it("goes from closed over opening to open and back, and tells the features", async () => {
    const { url, port } = await server();
    const made = manager();
    const told: string[] = [];
    made.follow(undefined, natsModule, ({ nats }, scope, id) => {
      told.push(`opened ${id} ${nats.isClosed()}`);
      scope.onEnd(() => told.push(`closed ${id}`));
    });
    await made.save("shop", draft(url));
    const states = statesOf(made, "shop");
    expect(() => made.session("shop", natsModule).nats).toThrow(/is closed/);
    const row = await made.open("shop");
    expect(row.status).toMatchObject({ state: "open", server: `127.0.0.1:${port}` });
    await expect.poll(() => made.row("shop").status.roundTripMs).toBeGreaterThan(0);
    await made.session("shop", natsModule).nats.flush();
    expect((await made.close("shop")).status.state).toBe("closed");
    expect(states).toEqual(["closed", "opening", "open", "closed"]);
    expect(told).toEqual(["opened shop false", "closed shop"]);
  });

  it("keeps several connections open at once", async () => {
    const [one, two] = await Promise.all([server(), server()]);
    const made = manager();
    await made.save("one", draft(one.url));
    await made.save("two", draft(two.url));
    await Promise.all([made.open("one"), made.open("two")]);
    expect(made.session("one", natsModule).nats.getServer()).not.toBe(
      made.session("two", natsModule).nats.getServer(),
    );
    await made.close("one");
    expect(stateOf(made, "two")).toBe("open");
  });

  it("follows the loss and the return of the server, with the time since when", async () => {
    const started = await server();
    const made = manager();
    await made.save("shop", draft(started.url));
    await made.open("shop");
    const states = statesOf(made, "shop");
    const nats = made.session("shop", natsModule).nats;
    const lostAfter = Date.now();
    await started.kill();
    await expect.poll(() => stateOf(made, "shop")).toBe("reconnecting");
    const { since, failure } = made.row("shop").status;
    expect(Date.parse(since)).toBeGreaterThanOrEqual(lostAfter);
    expect(failure?.code).toBe("unreachable");
    expect(() => made.session("shop", natsModule).nats).toThrow(/reconnecting/);
    await started.restart();
    await expect.poll(() => stateOf(made, "shop"), { timeout: 15_000 }).toBe("open");
    expect(made.session("shop", natsModule).nats).toBe(nats);
    expect(states).toEqual(["open", "reconnecting", "open"]);
    expect(made.row("shop").status.failure).toBeUndefined();
  });

  it("keeps trying when nobody is there yet", async () => {
    const port = await freePort();
    const made = manager();
    await made.save("shop", draft(`nats://127.0.0.1:${port}`));
    const row = await made.open("shop");
    expect(row.status).toMatchObject({ state: "failed", failure: { code: "unreachable" } });
    await server({ port });
    await expect.poll(() => stateOf(made, "shop"), { timeout: 15_000 }).toBe("open");
  });

  it("does not repeat a wrong password, and opens again once it is corrected", async () => {
    const { url, processId } = await server({ user: "operator", password: "right-password" });
    expect(processId).toBeDefined();
    const made = manager();
    const wanted = draft(url, {}, { authentication: { method: "password", user: "operator" } });
    await made.save("shop", { ...wanted, secrets: { password: "wrong-password" } });
    const states = statesOf(made, "shop");
    const row = await made.open("shop");
    expect(row.status).toMatchObject({ state: "failed", failure: { code: "unauthenticated" } });
    expect(JSON.stringify(made.rows())).not.toContain("wrong-password");
    const saved = await made.save("shop", { ...wanted, secrets: { password: "right-password" } });
    expect(saved.secretsHeld).toEqual(["password"]);
    await expect.poll(() => stateOf(made, "shop")).toBe("open");
    expect(states).toEqual(["closed", "opening", "failed", "closed", "opening", "open"]);
    expect(JSON.stringify(made.rows())).not.toContain("right-password");
  });

  it("fails when the credentials are withdrawn during a restart of the server", async () => {
    const first = await startNatsServer({ user: "operator", password: "old-password" });
    cleanups.push(() => first.stop());
    const made = manager();
    const wanted = draft(first.url, {}, { authentication: { method: "password", user: "operator" } });
    await made.save("shop", { ...wanted, secrets: { password: "old-password" } });
    await made.open("shop");
    let closed = 0;
    made.follow("shop", natsModule, (_link, scope) =>
      scope.onEnd(() => {
        closed += 1;
      }),
    );
    await first.kill();
    await server({ port: first.port, user: "operator", password: "new-password" });
    await expect
      .poll(() => made.row("shop").status.failure?.code, { timeout: 20_000 })
      .toBe("unauthenticated");
    expect(stateOf(made, "shop")).toBe("failed");
    expect(closed).toBe(1);
  });

  it("can be closed while it is still opening", async () => {
    let sockets = 0;
    const silent = createServer((socket) => {
      sockets += 1;
      socket
        .on("error", () => undefined)
        .on("close", () => {
          sockets -= 1;
        });
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => silent.close());
    const made = manager();
    await made.save("shop", draft(`nats://127.0.0.1:${(silent.address() as { port: number }).port}`));
    const opening = made.open("shop");
    await expect.poll(() => sockets).toBe(1);
    await made.close("shop");
    expect(stateOf(made, "shop")).toBe("closed");
    await opening;
    expect(stateOf(made, "shop")).toBe("closed");
    await expect.poll(() => sockets, { timeout: 8_000 }).toBe(0);
  });
});

describe("editing", () => {
  it("opens again when the target changed, and not for a new name", async () => {
    const { url } = await server();
    const made = manager();
    await made.save("shop", draft(url));
    await made.open("shop");
    const before = made.session("shop", natsModule).nats;
    const renamed = await made.save("shop", draft(url, { name: "Renamed" }));
    expect(renamed.profile.name).toBe("Renamed");
    expect(made.session("shop", natsModule).nats).toBe(before);
    await made.save("shop", draft(url, { name: "Renamed" }, { lattice: "other" }));
    await expect.poll(() => stateOf(made, "shop")).toBe("open");
    expect(made.session("shop", natsModule).nats).not.toBe(before);
    expect(before.isClosed()).toBe(true);
    expect(made.profileOf("shop", "lattice").target.lattice).toBe("other");
  });

  it("drops secrets that the new sign-in does not use", async () => {
    const secrets = memorySecrets();
    const made = manager({ secrets });
    const address = `nats://127.0.0.1:${await freePort()}`;
    const withPassword = draft(address, {}, { authentication: { method: "password", user: "u" } });
    const places = [`lattice ${address}`];
    const kept = () => secrets.get("shop", { password: places, token: places });
    await made.save("shop", { ...withPassword, secrets: { password: "one", token: "unused" } });
    expect(await kept()).toEqual({ password: "one" });
    await made.save("shop", withPassword);
    expect(await kept()).toEqual({ password: "one" });
    const withToken = draft(address, {}, { authentication: { method: "token" } });
    expect((await made.save("shop", { ...withToken, secrets: { token: "two" } })).secretsHeld).toEqual([
      "token",
    ]);
    await made.remove("shop");
    expect(await kept()).toEqual({});
    expect(() => made.row("shop")).toThrow(/no connection shop/);
  });

  it("keeps ephemeral connections off the disk and out of reach of edits", async () => {
    const { url } = await server();
    const profiles = memoryProfiles();
    const made = manager({ profiles });
    await made.save("template", draft(url));
    made.addEphemeral({ ...made.profile("template"), id: "playground", playground: true });
    await expect.poll(() => stateOf(made, "playground")).toBe("open");
    expect([...profiles.bodies.keys()]).toEqual(["template"]);
    await expect(made.save("playground", draft(url))).rejects.toMatchObject({ code: "conflict" });
    expect(made.rows().map((row) => row.profile.id)).toEqual(["playground", "template"]);
  });
});

it("opens nothing any more once all are closed, also not what is saved later", async () => {
  const { url } = await server();
  const made = manager();
  await made.closeAll();
  await made.save("late", draft(url));
  expect((await made.open("late")).status.state).toBe("closed");
});

describe("what is kept", () => {
  it("comes back after a restart from the database, opening what wants to be open; damaged rows are told and skipped", async () => {
    const { url } = await server();
    const directory = folder();
    const first = openStorage(lockFolder(directory, "headless"));
    const before = manager({ profiles: first.profiles });
    await before.save("shop", draft(url));
    await before.save("idle", draft(url, { openAtStart: false }));
    first.profiles.put("broken", "{ no json");
    first.profiles.put("foreign", JSON.stringify({ id: "foreign", name: "" }));
    first.close();
    const second = openStorage(lockFolder(directory, "headless"));
    cleanups.push(() => second.close());
    const after = manager({ profiles: second.profiles });
    expect(
      after
        .rows()
        .map((row) => row.profile.id)
        .sort(),
    ).toEqual(["idle", "shop"]);
    expect(after.notices).toHaveLength(2);
    expect(after.notices.join(" ")).toMatch(/broken.*foreign/);
    after.openSaved();
    await expect.poll(() => stateOf(after, "shop")).toBe("open");
    expect(stateOf(after, "idle")).toBe("closed");
  });
});

describe("operations and topic", () => {
  const context = { transport: "http", actor: "tester", scope: "change" } as const;

  it("answers not_found for unknown ids everywhere", async () => {
    const handlers = connectionsHandlers(manager(), "/nowhere");
    const input = { connectionId: "nobody" };
    for (const name of [
      "connections.remove",
      "connections.test",
      "connections.open",
      "connections.close",
    ] as const) {
      const call = async () => handlers[name](input, context);
      await expect(call()).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("tests unsaved settings, with given secrets before saved ones", async () => {
    const { url } = await server({ token: "right-token" });
    const made = manager();
    const handlers = connectionsHandlers(made, "/nowhere");
    await made.save("shop", {
      ...draft(url, {}, { authentication: { method: "token" } }),
      secrets: { token: "wrong-token" },
    });
    const saved = await handlers["connections.test"]({ connectionId: "shop" }, context);
    expect(saved).toMatchObject({ ok: false, failure: { code: "unauthenticated" } });
    expect(JSON.stringify(saved)).not.toContain("wrong-token");
    const input = connectionsOperations["connections.test"].input.parse({
      connectionId: "not-saved-yet",
      settings: {
        system: "lattice",
        target: { addresses: [url], authentication: { method: "token" }, requestTimeoutMs: 200 },
      },
      secrets: { token: "right-token" },
    });
    const unsaved = await handlers["connections.test"](input, context);
    expect(connectionsOperations["connections.test"].output.safeParse(unsaved).success).toBe(true);
    expect(unsaved.ok).toBe(true);
  });

  it("discovers and imports contexts with their secrets, each for itself", async () => {
    const { url } = await server({ user: "operator", password: "hidden-word" });
    const home = folder();
    const contexts = join(home, ".config", "nats", "context");
    mkdirSync(contexts, { recursive: true });
    const address = url.replace("nats://", "nats://operator:hidden-word@");
    writeFileSync(join(contexts, "dev.json"), JSON.stringify({ url: address }));
    writeFileSync(join(contexts, "bad.json"), "garbage");
    const made = manager({ home });
    const handlers = connectionsHandlers(made, "/nowhere");
    const found = await handlers["connections.discover"]({}, context);
    expect(JSON.stringify(found)).not.toContain("hidden-word");
    const keys = [...found.map((one) => one.key), "nats:/etc/passwd"];
    const result = await handlers["connections.import"]({ keys }, context);
    expect(result.imported.map((row: ConnectionRow) => row.profile.id)).toEqual(["dev"]);
    expect(result.failed.map((one) => one.key).sort()).toEqual([keys[0], "nats:/etc/passwd"].sort());
    expect((await made.open("dev")).status.state).toBe("open");
    expect(JSON.stringify([result, made.rows()])).not.toContain("hidden-word");
    const again = await handlers["connections.discover"]({}, context);
    expect(again.find((one) => one.name === "dev")?.profile?.id).toBe("dev-2");
  });

  it("offers rows as a topic", async () => {
    const made = manager();
    const source = connectionsTopicSources(made).connections;
    const changes: [string[], string[]][] = [];
    const end = source.follow({ topic: "connections" }, (upsert, remove) => {
      changes.push([upsert.map((row) => row.profile.name), [...remove]]);
    });
    await made.save("shop", draft("nats://127.0.0.1:4222"));
    expect(source.snapshot({ topic: "connections" })).toHaveLength(1);
    await made.remove("shop");
    end();
    await made.save("shop", draft("nats://127.0.0.1:4222"));
    expect(changes).toEqual([
      [["Shop"], []],
      [[], ["shop"]],
    ]);
  });
});
