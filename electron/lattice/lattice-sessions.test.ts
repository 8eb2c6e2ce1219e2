import { afterEach, expect, test, vi } from "vitest";
import { latticeRowSchema } from "../../shared/lattice/schema.ts";
import type { SimulatedHost } from "../playground/lattice-host.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../playground/playground.ts";
import { latticeQueryHandlers } from "./lattice-queries.ts";
import { latticeTopicSources } from "./lattice-topics.ts";
import { type ConsoleSettings, type ConsoleSide, openConsoleSide } from "./testing/console-side.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function play(options: PlaygroundOptions = {}): Promise<Playground> {
  const playground = await startPlayground({ calm: true, hosts: 2, heartbeatMilliseconds: 300, ...options });
  cleanups.push(() => playground.stop());
  return playground;
}

async function follow(playground: Playground, settings: ConsoleSettings = {}): Promise<ConsoleSide> {
  const side = await openConsoleSide(playground.natsUrl, {
    heartbeatSeconds: 0.3,
    connection: { token: playground.natsToken },
    ...settings,
  });
  cleanups.push(() => side.close());
  return side;
}

const call = { transport: "ipc", actor: "test", scope: "change" } as const;

test("other lattices are seen and counted, but not read until somebody asks", async () => {
  const playground = await play();
  const { sessions, log } = await follow(playground);
  await vi.waitFor(() =>
    expect(sessions.lattices("c1").map(({ lattice }) => lattice)).toEqual(["default", "staging"]),
  );
  const [own, other] = sessions.lattices("c1").map((row) => latticeRowSchema.parse(row));
  expect(own).toMatchObject({ followed: true });
  expect(other).toMatchObject({ followed: false, phase: "seen", components: 0 });
  expect(log.events.every(({ lattice }) => lattice === "default")).toBe(true);
  const staging = sessions.get("c1", "staging");
  await staging.settled(10_000);
  expect(staging.row()).toMatchObject({ followed: true, phase: "live", hosts: { live: 2 } });
  expect(
    staging
      .hosts()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(playground.simulated[1]?.hosts.map(({ id }) => id).sort());
  expect(sessions.get("c1", "staging")).toBe(staging);
  expect(sessions.lattices("c1").filter(({ lattice }) => lattice === "staging")).toHaveLength(1);
});

test("two followed lattices on one connection do not mix, and nothing is counted twice", async () => {
  const playground = await play();
  const { sessions, log } = await follow(playground);
  await sessions.get("c1", "staging").settled(10_000);
  await vi.waitFor(() => expect(log.events.length).toBeGreaterThan(20), 10_000);
  const ids = log.events.map(({ raw }) => (JSON.parse(raw) as { id: string }).id);
  expect(new Set(ids).size).toBe(ids.length);
  const hosts = Object.fromEntries(
    playground.simulated.map(({ name, hosts: own }) => [name, own.map(({ id }) => id)]),
  );
  for (const { lattice, source } of log.events) expect(hosts[lattice]).toContain(source);
});

test("names that are not there and connections that are not open are told apart", async () => {
  const { sessions } = await follow(await play());
  expect(() => sessions.get("other")).toThrow(expect.objectContaining({ code: "unreachable" }));
  expect(() => sessions.get("c1", "bad.name")).toThrow(expect.objectContaining({ code: "not_found" }));
  await vi.waitFor(() =>
    expect(() => sessions.get("c1", `typo-${Math.random().toString(36).slice(2)}`)).toThrow(
      /No lattice named typo/,
    ),
  );
});

test("an account that may hear one lattice only follows that one", async () => {
  const users = `authorization { users: [
    { user: hosts, password: secret }
    { user: console, password: secret, permissions: {
      publish: ["wasmbus.ctl.v1.default.>"]
      subscribe: ["wasmbus.evt.default.>", "_INBOX.>"]
    } }
  ] }`;
  const playground = await play({
    nats: { extraConfiguration: users },
    connection: { user: "hosts", pass: "secret" },
  });
  const { session, sessions, nats, log } = await follow(playground, {
    connection: { user: "console", pass: "secret" },
  });
  await session.settled(10_000);
  await vi.waitFor(() => expect(session.row().eventsTotal).toBeGreaterThan(3));
  expect(session.row()).toMatchObject({ phase: "live", hosts: { live: 2 } });
  expect(session.row().message).toBeUndefined();
  expect(sessions.lattices("c1").map(({ lattice }) => lattice)).toEqual(["default"]);
  expect(nats.isClosed()).toBe(false);
  const ids = log.events.map(({ raw }) => (JSON.parse(raw) as { id: string }).id);
  expect(new Set(ids).size).toBe(ids.length);
  const refused = sessions.get("c1", "staging");
  await refused.settled(10_000);
  expect(refused.row()).toMatchObject({ phase: "failed", message: expect.stringMatching(/does not allow/) });
});

test("topics give a snapshot and every change, also of a lattice that nobody followed before", async () => {
  const playground = await play();
  const { sessions } = await follow(playground);
  const sources = latticeTopicSources(sessions);
  const address = { topic: "lattice.components", connectionId: "c1", lattice: "staging" };
  const seen = new Map<string, number>();
  const end = sources["lattice.components"].follow(address, (upsert, remove) => {
    for (const key of remove) seen.delete(key);
    for (const row of upsert) seen.set(`${row.hostId}/${row.id}`, row.maxInstances);
  });
  const staging = sessions.find("c1", "staging");
  await staging?.settled(10_000);
  expect(seen.size).toBe(sources["lattice.components"].snapshot(address).length);
  expect(seen.size).toBeGreaterThan(0);
  const host = playground.simulated[1]?.hosts[0] as SimulatedHost;
  await host.execute("component.scale", {
    component_id: "new",
    component_ref: "r",
    count: 3,
    host_id: host.id,
  });
  await vi.waitFor(() => expect(seen.get(`${host.id}/new`)).toBe(3));
  sessions.detach("c1");
  expect(seen.size).toBe(0);
  expect(sources["lattice.components"].snapshot(address)).toEqual([]);
  end();
});

test("who follows a topic of a closed connection sees its rows when it opens", async () => {
  const playground = await play();
  const { sessions, profile, nats } = await follow(playground);
  sessions.detach("c1");
  const hosts = new Map<string, string>();
  latticeTopicSources(sessions)["lattice.hosts"].follow(
    { topic: "lattice.hosts", connectionId: "c1" },
    (upsert, remove) => {
      for (const key of remove) hosts.delete(key);
      for (const row of upsert) hosts.set(row.id, row.status);
    },
  );
  expect(hosts.size).toBe(0);
  await sessions.attach(profile, nats).settled(10_000);
  expect(hosts.size).toBe(2);
  await sessions.attach(profile, nats).settled(10_000);
  expect(hosts.size).toBe(2);
});

test("queries answer with what is known; a host answers for itself", async () => {
  const playground = await play();
  const { sessions } = await follow(playground);
  const handlers = latticeQueryHandlers(sessions);
  const scope = { connectionId: "c1" };
  const hosts = await handlers["lattice.hosts.list"](scope, call);
  expect(hosts).toHaveLength(2);
  const [first] = hosts;
  const reading = await handlers["lattice.hosts.get"]({ ...scope, hostId: first?.id ?? "" }, call);
  expect(reading.host.id).toBe(first?.id);
  expect(reading.components).toHaveLength(first?.componentCount ?? -1);
  expect(await handlers["lattice.components.list"](scope, call)).not.toHaveLength(0);
  expect(await handlers["lattice.providers.list"](scope, call)).not.toHaveLength(0);
  expect(await handlers["lattice.links.list"](scope, call)).not.toHaveLength(0);
  expect(await handlers["lattice.lattices.list"](scope, call)).not.toHaveLength(0);
  const other = { connectionId: "other" };
  await expect(handlers["lattice.hosts.list"](other, call)).rejects.toMatchObject({ code: "unreachable" });
});
