import { connect } from "nats";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { SimulatedHost } from "../../../playground/lattice/lattice-host.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../../../playground/playground.ts";
import { LiveInventory } from "../inventory/live-inventory.ts";
import { type ConsoleSettings, type ConsoleSide, openConsoleSide } from "../testing/console-side.ts";
import type { LatticeSession } from "./lattice-session.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** No heartbeat comes during a test unless it asks for them. */
const neverMs = 600_000;

async function play(options: PlaygroundOptions = {}): Promise<Playground> {
  const playground = await startPlayground({
    calm: true,
    staging: false,
    hosts: 3,
    heartbeatMilliseconds: neverMs,
    ...options,
  });
  cleanups.push(() => playground.stop());
  return playground;
}

async function follow(playground: Playground, settings: ConsoleSettings = {}): Promise<ConsoleSide> {
  const side = await openConsoleSide(playground.natsUrl, {
    connection: { token: playground.natsToken },
    ...settings,
  });
  cleanups.push(() => side.close());
  cleanups.push(() => expect(side.errors).toEqual([]));
  return side;
}

async function live(playground: Playground, settings: ConsoleSettings = {}): Promise<ConsoleSide> {
  const side = await follow(playground, settings);
  await side.session.settled(10_000);
  expect(side.session.row().phase).toBe("live");
  return side;
}

interface Counted {
  id: string;
  image_ref: string;
  max_instances: number;
  annotations: Record<string, string>;
}

/** What the hosts themselves run, in the form of `shown`. */
function real(hosts: readonly SimulatedHost[]): string[] {
  const lines = hosts.flatMap((host) => {
    const { components } = host.inventory() as { components: Counted[] };
    return components.map(({ id, image_ref, max_instances, annotations }) =>
      JSON.stringify([host.friendlyName, id, image_ref, max_instances, Object.entries(annotations).sort()]),
    );
  });
  return lines.sort();
}

function shown(session: LatticeSession): string[] {
  return session
    .components()
    .map(({ hostName, id, imageReference, maxInstances, annotations }) =>
      JSON.stringify([hostName, id, imageReference, maxInstances, Object.entries(annotations).sort()]),
    )
    .sort();
}

function scale(host: SimulatedHost, id: string, count: number, more: object = {}): Promise<unknown> {
  const body = { component_id: id, component_ref: `shop/${id}:1.0`, count, host_id: host.id, ...more };
  return host.execute("component.scale", body);
}

test("an event that leads to an error is counted and kept as malformed, and costs no other event", async () => {
  // On a slow machine the first health checks of the host's providers would be counted as well.
  const playground = await play({ hostDefaults: { healthFirstMilliseconds: neverMs } });
  const side = await openConsoleSide(playground.natsUrl, { connection: { token: playground.natsToken } });
  cleanups.push(() => side.close());
  const { session, log } = side;
  await session.settled(10_000);
  const [host, other] = playground.hosts as [SimulatedHost, SimulatedHost];
  const before = session.row();
  const apply = LiveInventory.prototype.apply;
  const defect = vi.spyOn(LiveInventory.prototype, "apply").mockImplementation(function (
    this: LiveInventory,
    fact,
    now,
  ) {
    if (fact.kind === "event" && fact.event.source === host.id) throw new RangeError("Invalid time value");
    return apply.call(this, fact, now);
  });
  cleanups.push(() => defect.mockRestore());
  for (let count = 1; count <= 3; count += 1) {
    await scale(host, "defective", count);
    await scale(other, "sound", count);
  }
  await vi.waitFor(() => expect(session.component(other.id, "sound")?.maxInstances).toBe(3));
  await vi.waitFor(() => expect(session.row().malformedEvents).toBe(before.malformedEvents + 3));
  const kept = log.events.filter(({ type }) => type === "malformed");
  expect(kept).toHaveLength(3);
  expect(kept[0]).toMatchObject({ known: false, summary: expect.stringContaining("Invalid time value") });
  expect(side.errors).toHaveLength(1);
});

test("an error in whatever the console folds is counted, costs the other facts nothing, and ends no timer", async () => {
  const playground = await play();
  const side = await openConsoleSide(playground.natsUrl, {
    connection: { token: playground.natsToken },
    requestTimeoutMs: 300,
  });
  cleanups.push(() => side.close());
  const { session } = side;
  await session.settled(10_000);
  const [host, other] = playground.hosts as [SimulatedHost, SimulatedHost];
  const before = session.row().malformedEvents;
  const folded: string[] = [];
  const apply = LiveInventory.prototype.apply;
  const defect = vi.spyOn(LiveInventory.prototype, "apply").mockImplementation(function (
    this: LiveInventory,
    fact,
    now,
  ) {
    const about = "hostId" in fact ? fact.hostId : fact.kind === "host" ? fact.host.id : undefined;
    if (fact.kind !== "tick" && about !== host.id) return apply.call(this, fact, now);
    folded.push(fact.kind);
    throw new RangeError("Invalid time value");
  });
  cleanups.push(() => defect.mockRestore());
  await expect(session.hostInventory(host.id)).rejects.toMatchObject({ code: "upstream_invalid" });
  host.faults.add({ kind: "silent", on: "host.get" });
  session.connectionBack();
  await vi.waitFor(
    () => expect(new Set(folded)).toEqual(new Set(["inventory", "tick", "host", "silent"])),
    5_000,
  );
  await vi.waitFor(() => expect(session.row().phase).toBe("live"), 5_000);
  expect(session.row().malformedEvents).toBeGreaterThanOrEqual(before + 4);
  expect(session.host(host.id)).toMatchObject({ status: "live" });
  await expect(session.hostInventory(other.id)).resolves.toMatchObject({ host: { id: other.id } });
  expect(side.errors).toHaveLength(1);
});

describe("the first reading", () => {
  test("shows every host with everything on it, without waiting for a heartbeat", async () => {
    const playground = await play({ hosts: 5 });
    const { session } = await live(playground);
    expect(
      session
        .hosts()
        .map(({ friendlyName }) => friendlyName)
        .sort(),
    ).toEqual(playground.hosts.map(({ friendlyName }) => friendlyName).sort());
    expect(shown(session)).toEqual(real(playground.hosts));
    expect(session.links().length).toBeGreaterThan(0);
    expect(session.row()).toMatchObject({
      hosts: { live: 5 },
      components: shown(session).length,
      silentHosts: [],
      linksReadAt: expect.any(String),
    });
    expect(session.row().dataFrom).toBeUndefined();
  });

  test("has neither gap nor double count while everything changes", async () => {
    const playground = await play({ hosts: 4 });
    let changing = true;
    const churn = playground.hosts.map(async (host, index) => {
      for (let round = 0; changing; round += 1) {
        await scale(host, `job-${round % 7}`, (round + index) % 4, { annotations: { round: String(round) } });
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    });
    const { session, log } = await follow(playground);
    await session.settled(10_000);
    const witness = await connect({ servers: playground.natsUrl, token: playground.natsToken });
    cleanups.push(() => witness.close());
    const ids: string[] = [];
    witness.subscribe("wasmbus.evt.default.>", {
      callback: (_error, message) => void ids.push(message.json<{ id: string }>().id),
    });
    await witness.flush();
    await vi.waitFor(() => expect(ids.length).toBeGreaterThan(300), 15_000);
    changing = false;
    await Promise.all(churn);
    await vi.waitFor(() => expect(shown(session)).toEqual(real(playground.hosts)), 10_000);
    await witness.flush();
    await vi.waitFor(() => {
      const kept = log.events.map(({ raw }) => (JSON.parse(raw) as { id: string }).id);
      expect(new Set(kept).size).toBe(kept.length);
      expect(ids.filter((id) => !kept.includes(id))).toEqual([]);
      expect(session.row().eventsTotal).toBe(kept.length);
    });
  });

  test("one silent host empties nothing: the rest is shown, and who is silent", async () => {
    const playground = await play();
    const [quiet, ...others] = playground.hosts as [SimulatedHost, ...SimulatedHost[]];
    quiet.faults.add({ kind: "silent", on: "host.get" });
    const { session } = await live(playground, { requestTimeoutMs: 500 });
    expect(session.hosts()).toHaveLength(3);
    expect(shown(session)).toEqual(real(others));
    expect(session.row().silentHosts).toMatchObject([{ id: quiet.id, friendlyName: quiet.friendlyName }]);
    expect(session.host(quiet.id)?.problem).toMatch(/did not answer within 500 ms.*max_payload, \d+ bytes/);
    quiet.faults.clear();
    await vi.waitFor(() => expect(session.row().silentHosts).toEqual([]), 5_000);
    expect(shown(session)).toEqual(real(playground.hosts));
  });

  test("a heartbeat makes up for a host that never answers", async () => {
    const playground = await play({ heartbeatMilliseconds: 1_000, versions: ["1.9.2"] });
    const quiet = playground.hosts[0] as SimulatedHost;
    quiet.faults.add({ kind: "silent" });
    const { session } = await follow(playground, { requestTimeoutMs: 500 });
    await vi.waitFor(() => expect(shown(session)).toEqual(real(playground.hosts)), 10_000);
    await vi.waitFor(() => expect(session.row().silentHosts).toEqual([]), 5_000);
  });

  test("an empty lattice is live, with nothing in it", async () => {
    const { session } = await live(await play({ hosts: 0 }));
    expect(session.row()).toMatchObject({ phase: "live", components: 0 });
    expect(session.row().message).toBeUndefined();
  });
});

describe("changes", () => {
  test("an update never takes the component away, and its annotations arrive", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    await scale(host, "updatable", 6, { annotations: { team: "a" } });
    await vi.waitFor(() => expect(session.component(host.id, "updatable")?.maxInstances).toBe(6));
    const removed: string[] = [];
    session.onChange(({ components }) => void removed.push(...(components?.remove ?? [])));
    const zeros: unknown[] = [];
    session.onEvent((event) => {
      if (event.type === "component_scaled" && "maxInstances" in event && event.maxInstances === 0)
        zeros.push(event);
    });
    await host.execute("component.update", {
      component_id: "updatable",
      new_component_ref: "shop/updatable:2.0",
      host_id: host.id,
      annotations: { team: "b" },
    });
    await vi.waitFor(() => expect(zeros).toHaveLength(1));
    await vi.waitFor(() =>
      expect(session.component(host.id, "updatable")).toMatchObject({
        imageReference: "shop/updatable:2.0",
        maxInstances: 6,
        annotations: { team: "b" },
      }),
    );
    expect(removed).toEqual([]);
  });

  test("what a resize does not say in its event is read from the host", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    await scale(host, "resized", 1);
    await scale(host, "resized", 4, { annotations: { new: "1" }, component_ref: "shop/other:9" });
    await vi.waitFor(() =>
      expect(session.component(host.id, "resized")).toMatchObject({
        maxInstances: 4,
        annotations: { new: "1" },
        imageReference: "shop/other:9",
      }),
    );
  });

  test("a stop removes the component; a host that ends in order stays as stopped", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    const [running] = session.components().filter(({ hostId }) => hostId === host.id);
    const { id, imageReference } = running ?? { id: "", imageReference: "" };
    await scale(host, id, 0, { component_ref: imageReference });
    await vi.waitFor(() => expect(session.component(host.id, id)).toBeUndefined());
    await host.stop();
    await vi.waitFor(() =>
      expect(session.host(host.id)).toMatchObject({ status: "stopped", componentCount: 0 }),
    );
    expect(shown(session)).toEqual(real(playground.hosts.slice(1)));
  });

  test("a host that joins is shown, also one that listens only after it said so (1.9.1, trap 36)", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = await playground.simulated[0]?.addHost({ version: "1.9.1" });
    await vi.waitFor(() => expect(session.host(host?.id ?? "")?.inventoryAt).toBeDefined(), 5_000);
    expect(session.row()).toMatchObject({ hosts: { live: 4 }, silentHosts: [] });
  });

  test("a host that starts later is asked who it is: its domain and address are in the answer to a ping only", async () => {
    const playground = await play();
    const { session } = await live(playground);
    expect(session.jetStreamDomain()).toBeUndefined();
    const address = "nats://user:secret@127.0.0.1:4222";
    const host = await playground.simulated[0]?.addHost({ domain: "edge", controlUrl: address });
    const row = () => session.host(host?.id ?? "");
    await vi.waitFor(
      () => expect(row()).toMatchObject({ jetStreamDomain: "edge", controlHost: "nats://127.0.0.1:4222" }),
      5_000,
    );
    expect(session.jetStreamDomain()).toBe("edge");
    // The same host comes back in no domain.
    await host?.stop();
    await playground.simulated[0]?.addHost({ id: host?.id ?? "" });
    await vi.waitFor(
      () => expect(row()).toMatchObject({ status: "live", controlHost: expect.any(String) }),
      5_000,
    );
    await vi.waitFor(() => expect(row()).not.toHaveProperty("jetStreamDomain"), 5_000);
  });

  test("a host that falls silent is stale, then lost, and keeps its rows; then it is live again", async () => {
    const playground = await play({ heartbeatMilliseconds: 200 });
    const { session } = await live(playground, { heartbeatSeconds: 0.2 });
    const host = playground.hosts[0] as SimulatedHost;
    const statuses: string[] = [];
    session.onChange(({ hosts }) => {
      for (const row of hosts?.upsert ?? [])
        if (row.id === host.id && row.status !== statuses.at(-1)) statuses.push(row.status);
    });
    const count = session.host(host.id)?.componentCount;
    await vi.waitFor(() => expect(session.host(host.id)?.status).toBe("live"));
    // A heartbeat on its way says the same once more, and is no change.
    statuses.splice(0, statuses.length, "live");
    host.pause();
    await vi.waitFor(() => expect(session.host(host.id)?.status).toBe("lost"), 10_000);
    expect(session.host(host.id)?.componentCount).toBe(count);
    await vi.waitFor(() => expect(session.row().hosts).toMatchObject({ live: 2, lost: 1 }));
    host.resume();
    await vi.waitFor(() => expect(session.host(host.id)?.status).toBe("live"), 10_000);
    expect(statuses).toEqual(["live", "stale", "lost", "live"]);
  });

  test("unreadable and unknown events are counted and kept", async () => {
    const playground = await play();
    const { session, log } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    host.faults.add({ kind: "malformedEvents", form: "truncated", count: 1 });
    await scale(host, "odd", 1);
    host.faults.add({ kind: "unknownEvents", count: 1 });
    await scale(host, "odd", 2);
    host.publishRaw("wasmbus.evt.default.host_heartbeat", "nonsense");
    await vi.waitFor(() => expect(session.row()).toMatchObject({ malformedEvents: 2, unknownEvents: 1 }));
    expect(
      log.events
        .filter(({ known }) => !known)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["component_teleported", "malformed", "malformed"]);
    expect(log.events.find(({ raw }) => raw === "nonsense")).toMatchObject({
      severity: "warning",
      type: "malformed",
    });
    await vi.waitFor(() => expect(session.component(host.id, "odd")?.maxInstances).toBe(2));
  });

  test("a host is read on request, and the answer is shown", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    host.faults.add({ kind: "dropEvents" });
    await scale(host, "unheard", 3);
    const reading = await session.hostInventory(host.id);
    expect(reading.components.find(({ id }) => id === "unheard")).toMatchObject({ maxInstances: 3 });
    expect(reading.raw).toMatchObject({ host_id: host.id });
    expect(session.component(host.id, "unheard")).toBeDefined();
    await expect(session.hostInventory(`N${"A".repeat(55)}`)).rejects.toMatchObject({ code: "not_found" });
  });

  test("an inventory that was collected before an event does not undo it, though it arrives after it", async () => {
    const playground = await play();
    const { session } = await live(playground);
    const host = playground.hosts[0] as SimulatedHost;
    await scale(host, "grows", 1);
    await scale(host, "ends", 1);
    await vi.waitFor(() => expect(session.component(host.id, "ends")?.limits).toBeUndefined());
    await session.hostInventory(host.id);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    // All replies, so that none overtakes the one at hand.
    host.faults.add({ kind: "slowReply", milliseconds: 1_000, on: "host.get" });
    const late = session.hostInventory(host.id);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await scale(host, "grows", 7);
    await scale(host, "ends", 0);
    await scale(host, "begins", 2);
    const { components } = await late;
    const counts = Object.fromEntries(components.map(({ id, maxInstances }) => [id, maxInstances]));
    expect(counts).toMatchObject({ grows: 7, begins: 2 });
    expect(counts).not.toHaveProperty("ends");
  });
});

describe("a lost connection", () => {
  test("says since when, and reads again what happened meanwhile", async () => {
    const playground = await play();
    const { session, lattices } = await live(playground);
    const phases: string[] = [];
    lattices.onRows(({ upsert }) => {
      for (const { phase } of upsert) if (phase !== phases.at(-1)) phases.push(phase);
    });
    const [host, gone] = playground.hosts as [SimulatedHost, SimulatedHost];
    await playground.nats.kill();
    await vi.waitFor(() => expect(session.row()).toMatchObject({ phase: "reconnecting" }));
    expect(session.row().dataFrom).toBeDefined();
    expect(shown(session).length).toBeGreaterThan(0);
    for (const each of playground.hosts) each.faults.add({ kind: "dropEvents" });
    await scale(host, "meanwhile", 4);
    const [running] = Object.keys(Object.fromEntries(gone.context.state.components));
    await scale(gone, running ?? "", 0);
    await playground.nats.restart();
    await vi.waitFor(() => expect(session.row().phase).toBe("live"), 15_000);
    await vi.waitFor(() => expect(shown(session)).toEqual(real(playground.hosts)), 15_000);
    expect(session.component(host.id, "meanwhile")).toMatchObject({ maxInstances: 4 });
    expect(session.component(gone.id, running ?? "")).toBeUndefined();
    expect(session.row().dataFrom).toBeUndefined();
    expect(phases.slice(0, 3)).toEqual(["reconnecting", "reading", "live"]);
    for (const each of playground.hosts) each.faults.clear();
    await scale(host, "meanwhile", 5);
    await vi.waitFor(() => expect(session.component(host.id, "meanwhile")?.maxInstances).toBe(5));
  });

  test("is over when it is told: the readings that follow are sent at once, and nothing is live before", async () => {
    const playground = await play();
    const { session, lattices } = await live(playground);
    const told: string[] = [];
    lattices.onRows(({ upsert }) => {
      for (const row of upsert)
        told.push(...[row.message ?? [], row.silentHosts.map(({ message }) => message)].flat());
    });
    // Whoever asks at once is not told that the connection is down.
    const asked: Promise<unknown>[] = [];
    lattices.onLink(({ kind }) => {
      if (kind === "back") asked.push(session.client.getHosts());
    });
    for (let round = 0; round < 3; round += 1) {
      await playground.nats.kill();
      await vi.waitFor(() => expect(session.row().phase).toBe("reconnecting"));
      await playground.nats.restart();
      await vi.waitFor(() => expect(session.row().phase).toBe("live"), 15_000);
      await Promise.all(asked);
    }
    expect(asked).toHaveLength(3);
    expect(told.filter((message) => /is down|nothing was sent|could not be asked/.test(message))).toEqual([]);
  });

  test("leaves the rows as they were until somebody has answered", async () => {
    const playground = await play();
    const { session } = await live(playground, { requestTimeoutMs: 300 });
    await playground.nats.kill();
    await vi.waitFor(() => expect(session.row().phase).toBe("reconnecting"));
    for (const host of playground.hosts) host.faults.add({ kind: "silent" });
    const read = vi.fn();
    session.onRead(read);
    await playground.nats.restart();
    await vi.waitFor(() => expect(session.row().message).toMatch(/^No host answered so far/), 15_000);
    expect(session.row()).toMatchObject({
      phase: "reading",
      dataFrom: expect.any(String),
      hosts: { live: 3 },
    });
    expect(read).not.toHaveBeenCalled();
    for (const host of playground.hosts) host.faults.clear();
    await vi.waitFor(() => expect(session.row().phase).toBe("live"), 15_000);
    expect(session.row().dataFrom).toBeUndefined();
    expect(session.row().message).toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
  });

  test("within the first round trip costs no event: the lattice is subscribed to when the server is back", async () => {
    const playground = await play();
    const { processId = 0 } = playground.nats;
    // The server takes the subscription in no more, and dies before it answers.
    const side = await follow(playground, { onConnected: () => process.kill(processId, "SIGSTOP") });
    await playground.nats.kill();
    await playground.nats.restart();
    await vi.waitFor(
      () => expect(side.session.row()).toMatchObject({ phase: "live", hosts: { live: 3 } }),
      15_000,
    );
    const [host] = playground.hosts as [SimulatedHost];
    await scale(host, "heard", 4);
    await vi.waitFor(() => expect(side.session.component(host.id, "heard")?.maxInstances).toBe(4));
    expect(side.log.events.map(({ type }) => type)).toContain("component_scaled");
  });
});
