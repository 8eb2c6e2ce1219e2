import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileRuns } from "../../../recordings/fuzz.ts";
import {
  componentRowSchema,
  hostRowSchema,
  linkRowSchema,
  providerRowSchema,
} from "../../../shared/lattice/schema.ts";
import { hostileVersion, jsonText } from "../../../shared/testing/hostile-json.ts";
import { UnreadableValue } from "../client/object-reader.ts";
import * as readers from "../client/replies.ts";
import { inventoryLimits } from "../inventory/inventory-limits.ts";
import { hostA, hostB, inventory, LatticeTestBed, start } from "../testing/lattice-test-bed.ts";
import { recordedMessages } from "../testing/recorded.ts";
import { decodeEvent } from "./decode-event.ts";
import { EventRecorder } from "./event-recorder.ts";

const events = recordedMessages.filter(({ kind }) => kind === "event");
const replies = recordedMessages.filter(({ kind }) => kind === "reply");

const readerOf: Record<string, (value: unknown) => unknown> = {
  "host.ping": readers.readHost,
  "host.get": readers.readInventory,
  "link.get": readers.readLinks,
  "config.get": readers.readConfig,
  "component.auction": readers.bidReader("component_ref"),
  "provider.auction": readers.bidReader("provider_ref"),
};

function readerFor(subject: string): (value: unknown) => unknown {
  const [, reader] = Object.entries(readerOf).find(([name]) => subject.includes(`.${name}`)) ?? [];
  if (!reader) throw new Error(`nothing reads ${subject}`);
  return reader;
}

function decoded(subject: string, body: unknown) {
  return decodeEvent(subject, Buffer.from(jsonText(body)), "wasmbus.evt");
}

test.each(events)("$subject of a real host is read", ({ subject, body }) => {
  expect(decoded(subject, body)).toMatchObject({ kind: "known", source: body.source });
});

test.each(replies)("a real host's reply to $subject is read", ({ subject, body }) => {
  expect(() => readerFor(subject)(body.response)).not.toThrow();
});

test("whatever an event holds, it is taken in, and the rows of other hosts stay as they are", () => {
  const world = new LatticeTestBed();
  world.beat(0, {}, hostB);
  const witness = world.inventory.state.hosts.get(hostB)?.row;
  const recorder = new EventRecorder({ connectionId: "c", lattice: "default" });
  let now = 1_000;
  let malformed = 0;
  const runs = hostileRuns(1_500);
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.nat(), ({ subject, body }, seed) => {
      now += 1;
      const event = decoded(subject, hostileVersion(body, seed));
      const changes = world.learn({ kind: "event", event }, now);
      recorder.note(event, start + now, undefined);
      if (event.kind === "malformed") malformed += 1;
      for (const row of changes.hosts.rows) hostRowSchema.parse(row);
      for (const row of changes.components.rows) componentRowSchema.parse(row);
      for (const row of changes.providers.rows) providerRowSchema.parse(row);
      for (const row of changes.links.rows) linkRowSchema.parse(row);
      for (const { raw: _raw, ...entry } of recorder.take(start + now)) structuredClone(entry);
    }),
    runs,
  );
  expect(malformed).toBeGreaterThan(50);
  expect(recorder.counts(start + now)).toMatchObject({ total: runs.numRuns, malformed });
  expect(world.inventory.state.hosts.get(hostB)?.row).toBe(witness);
});

function recordedEvent(type: string) {
  const found = events.find(({ subject }) => subject.endsWith(`.${type}`));
  if (!found) throw new Error(`no ${type} was recorded`);
  return found;
}

test.each([9_007_199_254_740_991, 2 ** 64, 3_153_600_001, -1, 0.5, "3600", {}])(
  "an uptime that no host can mean is as good as none, and the rest of the event counts: %s",
  (uptime) => {
    for (const type of ["host_started", "host_heartbeat"]) {
      const { subject, body } = recordedEvent(type);
      const source = String(body.source);
      const world = new LatticeTestBed();
      world.learn({ kind: "event", event: decoded(subject, body) }, 0);
      const { startedAt } = world.inventory.state.hosts.get(source)?.row ?? {};
      const data = { ...(body.data as object), uptime_seconds: uptime, friendly_name: "other-name" };
      world.learn({ kind: "event", event: decoded(subject, { ...body, id: "2", data }) }, 1);
      const row = world.inventory.state.hosts.get(source)?.row;
      expect(row).toMatchObject({ friendlyName: "other-name", status: "live" });
      if (type === "host_heartbeat") expect(row?.startedAt).toBe(startedAt);
    }
  },
);

test("an odd revision or a very long text costs no workload", () => {
  const running = { id: "a", image_ref: "x", revision: 2 ** 40, max_instances: 1 };
  const read = readers.readInventory({
    components: [running],
    providers: [{ id: "p", image_ref: "x", revision: "seven", name: "x".repeat(100_000) }],
  });
  expect(read).toMatchObject({ components: [{ revision: 0 }], providers: [{ revision: 0 }], skipped: 0 });
  expect(read.providers[0]?.name?.length).toBeLessThan(10_000);
});

test("an event that is nested without end is malformed: what keeps it as evidence walks through it", () => {
  const { subject, body } = recordedEvent("component_scaled");
  const deep = `${"[".repeat(300_000)}${"]".repeat(300_000)}`;
  const text = jsonText({ ...body, more: "deep" }).replace('"deep"', deep);
  expect(decodeEvent(subject, Buffer.from(text), "wasmbus.evt")).toMatchObject({ kind: "malformed" });
});

test("whatever a reply holds, it is read or refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(...replies), fc.nat(), ({ subject, body }, seed) => {
      try {
        readerFor(subject)(JSON.parse(jsonText(hostileVersion(body.response, seed)) || "null"));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableValue);
      }
    }),
    hostileRuns(800),
  );
});

test.each([
  "N$(touch /tmp/x)",
  "N; reboot",
  "nahost",
  "constructor",
  `N${"A".repeat(54)}`,
  `N${"A".repeat(55)}\n`,
  `N${"0".repeat(55)}`,
  "x".repeat(20_000),
])("a source that names no host makes a malformed event and no row: %.30s", (source) => {
  const world = new LatticeTestBed();
  for (const { subject, body } of events) {
    const event = decoded(subject, { ...body, source });
    expect(event).toMatchObject({ kind: "malformed", source: "", reason: "its source is no id of a host" });
    world.learn({ kind: "event", event }, 1_000);
  }
  expect(world.inventory.state.hosts.entries.size).toBe(0);
  expect(() => readers.readHost({ id: source })).toThrow(UnreadableValue);
  expect(() => readers.bidReader("component_ref")({ host_id: source })).toThrow(UnreadableValue);
});

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function madeUpHost(number: number): string {
  const digits = Array.from({ length: 4 }, (_, place) => letters[Math.floor(number / 32 ** place) % 32]);
  return `N${digits.join("")}${"X".repeat(51)}`;
}

function hears(world: LatticeTestBed, source: string, now: number): void {
  world.hear({ type: "provider_stopped", providerId: "p" }, now, source);
}

test("hosts that only events name do not fill the list, and a host that answers is still listed", () => {
  const world = new LatticeTestBed();
  world.beat(0, {}, hostB);
  for (let number = 0; number < 20_000; number += 1) hears(world, madeUpHost(number), 1_000);
  const { state } = world.inventory;
  expect(state.hosts.entries.size).toBe(inventoryLimits.unansweredHosts);
  expect(state.hosts.entries.has(hostB)).toBe(true);
  expect(state.hosts.isFull).toBe(true);
  world.reply(2_000, 2_010);
  expect(world.host).toMatchObject({ id: hostA, status: "live" });
  expect(state.hosts.unanswered).toBe(inventoryLimits.unansweredHosts);
});

test("of lost hosts those go first that never answered, and all go after a day", () => {
  const world = new LatticeTestBed();
  world.reply(0, 10);
  const count = inventoryLimits.lostHosts + 100;
  for (let number = 0; number < count; number += 1) hears(world, madeUpHost(number), 1_000 + number);
  world.learn({ kind: "tick" }, 600_000);
  world.learn({ kind: "tick" }, 600_250);
  const { state } = world.inventory;
  expect(state.hosts.entries.size).toBe(inventoryLimits.lostHosts);
  expect(state.hosts.byStatus).toMatchObject({ lost: inventoryLimits.lostHosts });
  expect(state.hosts.unanswered).toBe(inventoryLimits.lostHosts - 1);
  expect(world.host).toMatchObject({ status: "lost" });
  world.learn({ kind: "tick" }, 600_000 + inventoryLimits.lostForMs + 1_000);
  expect(state.hosts.entries.size).toBe(0);
  expect(state.hosts).toMatchObject({ byStatus: { lost: 0 }, unanswered: 0 });
});

test("workloads and links that events make up have an end", () => {
  const world = new LatticeTestBed();
  world.beat(0);
  for (let number = 0; number < inventoryLimits.providersPerHost + 50; number += 1) {
    const started = { imageReference: "x", annotations: {}, providerId: `p${number}` };
    world.hear({ type: "provider_started", ...started }, 10);
  }
  expect(world.inventory.state.providers.size).toBe(inventoryLimits.providersPerHost);
  expect(world.host?.providerCount).toBe(inventoryLimits.providersPerHost);
  const empty = { interfaces: [], sourceConfig: [], targetConfig: [] };
  const common = { name: "default", witNamespace: "wasi", witPackage: "http", ...empty };
  for (let number = 0; number < inventoryLimits.links + 50; number += 1) {
    world.hear({ type: "linkdef_set", link: { sourceId: `c${number}`, target: "t", ...common } }, 20);
  }
  expect(world.inventory.state.links.rows.size).toBe(inventoryLimits.links);
  expect(world.last?.links.needsRead).toBe(true);
});

test("a component whose id the rules forbid, but which runs, stays visible; one without end does not", () => {
  const odd = { id: "my component\u202e", image_ref: "x", revision: 0, max_instances: 1 };
  const read = readers.readInventory({ components: [odd, { ...odd, id: "x".repeat(5_000) }], providers: [] });
  expect(read.components.map(({ id }) => id)).toEqual(["my component\u202e"]);
  expect(read.skipped).toBe(1);
});

test("a map is read whole or not at all, because it may be sent back", () => {
  const running = { id: "a", image_ref: "x", revision: 0, max_instances: 1 };
  const large = { ...running, annotations: { note: "x".repeat(100_000) } };
  const read = readers.readInventory({ components: [running, large], providers: [] });
  expect(read).toMatchObject({ components: [{ id: "a" }], skipped: 1 });
  expect(inventory()).toMatchObject({ skipped: 0 });
});
