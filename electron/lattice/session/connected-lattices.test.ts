import { afterEach, expect, test, vi } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../../../playground/playground.ts";
import { latticeRowSchema } from "../../../shared/lattice/schema.ts";
import { ConnectionManager } from "../../connections/manager.ts";
import { memorySecrets } from "../../connections/secrets.ts";
import { systemClock } from "../../upstream/clock.ts";
import { latticeQueryHandlers } from "../queries.ts";
import { latticeSystem } from "../system.ts";
import {
  type ConsoleSettings,
  type ConsoleSide,
  MemoryLog,
  openConsoleSide,
} from "../testing/console-side.ts";
import { latticeTopicSources } from "./lattice-topics.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function play(options: PlaygroundOptions = {}): Promise<Playground> {
  // Hosts before 1.1.1 beat every 30 s, whatever is set: the console would have to take them for lost.
  const recent = { versions: ["1.9.2"], heartbeatMilliseconds: 300 };
  const playground = await startPlayground({ calm: true, hosts: 2, ...recent, ...options });
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

/** The connections of a console with one to the playground's lattices, not open yet. */
async function manage(playground: Playground) {
  const onError = (error: unknown): void => expect.unreachable(String(error));
  const system = latticeSystem({ sink: new MemoryLog(), clock: systemClock, onError });
  const connections = new ConnectionManager({
    profiles: { load: () => [], put: () => undefined, remove: () => undefined },
    secrets: memorySecrets(),
    clock: systemClock,
    modules: { lattice: system },
    onError,
  });
  cleanups.push(() => connections.closeAll());
  const target = {
    addresses: [playground.natsUrl],
    heartbeatSeconds: 1,
    authentication: { method: "token" as const },
  };
  const profile = { name: "Shop", color: "#4dabf7", environment: "DEV", system: "lattice" as const, target };
  await connections.save("c1", { profile, secrets: { token: playground.natsToken } });
  return { connections, system };
}

const call = { transport: "ipc", actor: "test", scope: "change" } as const;

test("other lattices are seen and counted, but not read until somebody asks", async () => {
  const playground = await play();
  const { lattices, log } = await follow(playground);
  await vi.waitFor(() =>
    expect(lattices.rows().map(({ lattice }) => lattice)).toEqual(["default", "staging"]),
  );
  const [own, other] = lattices.rows().map((row) => latticeRowSchema.parse(row));
  expect(own).toMatchObject({ followed: true });
  expect(other).toMatchObject({ followed: false, phase: "seen", components: 0 });
  expect(log.events.every(({ lattice }) => lattice === "default")).toBe(true);
  const staging = lattices.lattice("staging");
  await staging.settled(10_000);
  expect(staging.row()).toMatchObject({ followed: true, phase: "live", hosts: { live: 2 } });
  expect(
    staging
      .hosts()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(playground.simulated[1]?.hosts.map(({ id }) => id).sort());
  expect(lattices.lattice("staging")).toBe(staging);
  expect(lattices.rows().filter(({ lattice }) => lattice === "staging")).toHaveLength(1);
});

test("two followed lattices on one connection do not mix, and nothing is counted twice", async () => {
  const playground = await play();
  const { lattices, log } = await follow(playground);
  await lattices.lattice("staging").settled(10_000);
  await vi.waitFor(() => expect(log.events.length).toBeGreaterThan(20), 10_000);
  const ids = log.events.map(({ raw }) => (JSON.parse(raw) as { id: string }).id);
  expect(new Set(ids).size).toBe(ids.length);
  const hosts = Object.fromEntries(
    playground.simulated.map(({ name, hosts: own }) => [name, own.map(({ id }) => id)]),
  );
  for (const { lattice, source } of log.events) expect(hosts[lattice]).toContain(source);
});

test("names that are not there are refused once every host must have been heard of", async () => {
  const { lattices } = await follow(await play());
  expect(() => lattices.lattice("bad.name")).toThrow(expect.objectContaining({ code: "not_found" }));
  await vi.waitFor(() =>
    expect(() => lattices.lattice(`typo-${Math.random().toString(36).slice(2)}`)).toThrow(
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
  const { session, lattices, nats, log } = await follow(playground, {
    connection: { user: "console", pass: "secret" },
  });
  await session.settled(10_000);
  await vi.waitFor(() => expect(session.row().eventsTotal).toBeGreaterThan(3));
  expect(session.row()).toMatchObject({ phase: "live", hosts: { live: 2 } });
  expect(session.row().message).toBeUndefined();
  expect(lattices.rows().map(({ lattice }) => lattice)).toEqual(["default"]);
  expect(nats.isClosed()).toBe(false);
  const ids = log.events.map(({ raw }) => (JSON.parse(raw) as { id: string }).id);
  expect(new Set(ids).size).toBe(ids.length);
  const refused = lattices.lattice("staging");
  await refused.settled(10_000);
  expect(refused.row()).toMatchObject({ phase: "failed", message: expect.stringMatching(/does not allow/) });
});

test("topics give a snapshot and every change, also of a lattice that nobody followed before", async () => {
  const playground = await play();
  const { connections, system } = await manage(playground);
  await connections.open("c1");
  const source = latticeTopicSources(connections, system)["lattice.components"];
  const address = { topic: "lattice.components", connectionId: "c1", lattice: "staging" };
  const seen = new Map<string, number>();
  const end = source.follow(address, (upsert, remove) => {
    for (const key of remove) seen.delete(key);
    for (const row of upsert) seen.set(`${row.hostId}/${row.id}`, row.maxInstances);
  });
  const staging = connections.session("c1", system).find("staging");
  await staging?.settled(10_000);
  expect(seen.size).toBe(source.snapshot(address).length);
  expect(seen.size).toBeGreaterThan(0);
  const host = playground.simulated[1]?.hosts[0] as SimulatedHost;
  await host.execute("component.scale", {
    component_id: "new",
    component_ref: "r",
    count: 3,
    host_id: host.id,
  });
  await vi.waitFor(() => expect(seen.get(`${host.id}/new`)).toBe(3));
  await connections.close("c1");
  expect(seen.size).toBe(0);
  expect(source.snapshot(address)).toEqual([]);
  end();
});

test.each(["default", "staging"])(
  "who follows the lattice %s of a closed connection gets each change once, however often it opens",
  async (lattice) => {
    const playground = await play();
    const { connections, system } = await manage(playground);
    const changes: string[] = [];
    const hosts = new Set<string>();
    const address = { topic: "lattice.hosts", connectionId: "c1", lattice };
    latticeTopicSources(connections, system)["lattice.hosts"].follow(address, (upsert, remove) => {
      for (const key of remove) hosts.delete(key);
      for (const row of upsert) hosts.add(row.id);
      for (const { id } of upsert) changes.push(id);
    });
    expect(hosts.size).toBe(0);
    for (let opening = 0; opening < 3; opening += 1) {
      await connections.open("c1");
      await connections.session("c1", system).lattice(lattice).settled(10_000);
      expect(hosts.size).toBe(2);
      if (opening < 2) await connections.close("c1");
    }
    const once: string[] = [];
    connections
      .session("c1", system)
      .lattice(lattice)
      .onChange(({ hosts: rows }) => {
        for (const { id } of rows?.upsert ?? []) once.push(id);
      });
    changes.length = 0;
    const host = playground.simulated.find(({ name }) => name === lattice)?.hosts[0] as SimulatedHost;
    await host.execute("label.put", { key: "mark", value: "once" });
    await vi.waitFor(() => expect(once).toContain(host.id));
    expect(changes).toEqual(once);
  },
);

test("queries answer with what is known; a host answers for itself", async () => {
  const playground = await play();
  const { lattices } = await follow(playground);
  const handlers = latticeQueryHandlers(() => lattices);
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
});
