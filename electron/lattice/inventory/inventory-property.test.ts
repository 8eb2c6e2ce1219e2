import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { componentRowSchema, hostRowSchema, providerRowSchema } from "../../../shared/lattice/schema.ts";
import type { HostInventory } from "../client/control-types.ts";
import type { DecodedEvent, EventBody } from "../events/event-types.ts";
import {
  component,
  event,
  hostA,
  hostB,
  inventory,
  LatticeTestBed,
  periodMs,
  provider,
  scaled,
  start,
} from "../testing/lattice-test-bed.ts";
import { type Fact, fold } from "./inventory.ts";
import { commit } from "./inventory-commit.ts";
import type { InventoryChanges, InventoryState } from "./inventory-state.ts";

const ids = fc.constantFrom("a", "b", "c", "d");
const map = fc.dictionary(fc.constantFrom("x", "wasmcloud.dev/appspec"), fc.constantFrom("1", "2"), {
  maxKeys: 2,
});
const reference = fc.constantFrom("shop/a:1.0", "shop/b:1.0", "shop/c:2.0");

const components = fc.uniqueArray(
  fc
    .record({ id: ids, imageReference: reference, annotations: map, count: fc.integer({ min: 1, max: 9 }) })
    .map(({ id, count, ...rest }) => component(id, { ...rest, maxInstances: count })),
  { selector: ({ id }) => id },
);
const providers = fc.uniqueArray(
  fc.record({ id: ids, annotations: map }).map(({ id, annotations }) => provider(id, { annotations })),
  { selector: ({ id }) => id },
);
const link = fc.record({ sourceId: ids, target: ids }).map(({ sourceId, target }) => ({
  sourceId,
  target,
  name: "default",
  witNamespace: "wasi",
  witPackage: "http",
  interfaces: ["handler"],
  sourceConfig: [],
  targetConfig: [],
}));

const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc
    .record({ components, providers })
    .map((lists): EventBody => ({ type: "host_heartbeat", inventory: inventory(lists) })),
  fc
    .tuple(ids, fc.integer({ min: 0, max: 9 }), reference, map)
    .map(([id, count, imageReference, annotations]) => scaled(id, count, { imageReference, annotations })),
  fc.tuple(ids, map).map(
    ([providerId, annotations]): EventBody => ({
      type: "provider_started",
      providerId,
      imageReference: `providers/${providerId}:1.0`,
      annotations,
    }),
  ),
  ids.map((providerId): EventBody => ({ type: "provider_stopped", providerId })),
  ids.map(
    (providerId): EventBody => ({
      type: "provider_start_failed",
      providerId,
      providerReference: "",
      error: "no",
    }),
  ),
  fc
    .tuple(fc.constantFrom("health_check_passed" as const, "health_check_failed", "health_check_status"), ids)
    .map(([type, providerId]): EventBody => ({ type, providerId })),
  fc.constant<EventBody>({ type: "host_stopped", labels: {} }),
  fc.constant<EventBody>({
    type: "host_started",
    friendlyName: "again",
    version: "1.9.2",
    labels: {},
    uptimeSeconds: 0,
  }),
  map.map((labels): EventBody => ({ type: "labels_changed", labels })),
  link.map((each): EventBody => ({ type: "linkdef_set", link: each })),
  link.map(({ target: _target, ...key }): EventBody => ({ type: "linkdef_deleted", ...key })),
);

/** Events of two hosts in the order in which they happened, a second apart. */
const history: fc.Arbitrary<DecodedEvent[]> = fc
  .array(fc.tuple(body, fc.constantFrom(hostA, hostB)), { maxLength: 25 })
  .map((bodies) => bodies.map(([each, source], index) => event(each, { source, at: index * 1_000 })));

/** The same events, some twice, in any order. */
const disorder = history.chain((events) =>
  fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
);

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(body, fc.boolean(), fc.integer({ min: 0, max: 100_000 }))
      .map(([each, overlapping, at]): Fact => ({ kind: "event", event: event(each, { at }), overlapping })),
  },
  fc
    .record({ components, providers })
    .map(
      (lists): Fact => ({ kind: "inventory", hostId: hostA, inventory: inventory(lists), askedAt: start }),
    ),
  fc
    .uniqueArray(link, { selector: (each) => each.sourceId + each.target })
    .map((links): Fact => ({ kind: "links", links })),
  fc.constant<Fact>({ kind: "silent", hostId: hostA, message: "no answer" }),
  fc.constant<Fact>({ kind: "outage" }),
  fc.constant<Fact>({ kind: "tick" }),
);

/** What the host itself would say, without what only the console remembers. */
function wirePart(state: InventoryState, hostId: string): unknown {
  const entry = state.hosts.get(hostId);
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  const components = [...(entry?.components.values() ?? [])]
    .map(({ id, imageReference, maxInstances, annotations }) => ({
      id,
      imageReference,
      maxInstances,
      annotations,
    }))
    .sort(byId);
  const providers = [...(entry?.providers.values() ?? [])]
    .map(({ id, imageReference, annotations }) => ({ id, imageReference, annotations }))
    .sort(byId);
  return { components, providers };
}

function everything(state: InventoryState): unknown {
  return structuredClone({
    hosts: [...state.hosts].map(([id, entry]) => [
      id,
      entry.row,
      entry.track,
      [...entry.components],
      [...entry.providers],
      [...entry.memos],
      [...entry.pulses],
    ]),
    links: [...state.links],
    spread: [...state.spread],
    totals: state.totals,
  });
}

/** Counts and sums are what counting would give, and every row fits the contract. */
function checkSums(state: InventoryState): void {
  const all = { components: 0, providers: 0, unhealthyProviders: 0, silentProviders: 0 };
  const spread = new Map<string, number>();
  for (const { row, components, providers } of state.hosts.values()) {
    hostRowSchema.parse(row);
    for (const each of components.values()) {
      componentRowSchema.parse(each);
      spread.set(each.id, (spread.get(each.id) ?? 0) + 1);
    }
    for (const each of providers.values()) providerRowSchema.parse(each);
    const instances = [...components.values()].reduce((sum, { maxInstances }) => sum + maxInstances, 0);
    expect(row).toMatchObject({
      componentCount: components.size,
      providerCount: providers.size,
      instanceCount: instances,
    });
    all.components += components.size;
    all.providers += providers.size;
    all.silentProviders += [...providers.values()].filter(({ health }) => health === "silent").length;
    all.unhealthyProviders += [...providers.values()].filter(({ health }) => health === "unhealthy").length;
  }
  expect(state.totals).toMatchObject(all);
  expect(new Map(state.spread)).toEqual(spread);
  const hosts = Object.values(state.totals.hosts).reduce((sum, count) => sum + count, 0);
  expect(hosts).toBe(state.hosts.size);
}

/** Nothing is removed that is not there, and nothing put that is there already. */
function checkNeeded(state: InventoryState, changes: InventoryChanges): void {
  for (const { hostId, id } of changes.removedComponents) expect(state.component(hostId, id)).toBeDefined();
  for (const { hostId, id } of changes.removedProviders) expect(state.provider(hostId, id)).toBeDefined();
  for (const key of changes.removedLinks) expect(state.links.has(key)).toBe(true);
  for (const row of changes.components) expect(row).not.toEqual(state.component(row.hostId, row.id));
  for (const row of changes.hosts) expect(row).not.toEqual(state.hosts.get(row.id)?.row);
}

describe("whatever comes, in whatever order", () => {
  test("after its next heartbeat a host is shown as that says", () => {
    fc.assert(
      fc.property(disorder, components, providers, (events, running, capabilities) => {
        const world = new LatticeTestBed();
        for (const each of events) world.learn({ kind: "event", event: each }, 30_000);
        const last: HostInventory = inventory({ components: running, providers: capabilities });
        world.learn(
          { kind: "event", event: event({ type: "host_heartbeat", inventory: last }, { at: 60_000 }) },
          60_000,
        );
        const fresh = new LatticeTestBed();
        fresh.beat(0, { components: running, providers: capabilities });
        expect(wirePart(world.inventory.state, hostA)).toEqual(wirePart(fresh.inventory.state, hostA));
        expect(world.host?.status).toBe("live");
        checkSums(world.inventory.state);
      }),
      { numRuns: 300 },
    );
  });

  test("an event that is delivered twice in a row changes nothing the second time", () => {
    fc.assert(
      fc.property(history, (events) => {
        const world = new LatticeTestBed();
        events.forEach((each, index) => {
          world.learn({ kind: "event", event: each }, index * 1_000 + 5);
          const shown = wirePart(world.inventory.state, each.source);
          world.learn({ kind: "event", event: each }, index * 1_000 + 5);
          expect(wirePart(world.inventory.state, each.source)).toEqual(shown);
        });
      }),
      { numRuns: 300 },
    );
  });

  test("the order of lists has no meaning (trap 29)", () => {
    fc.assert(
      fc.property(components, providers, fc.func(fc.integer()), (running, capabilities, order) => {
        const world = new LatticeTestBed();
        world.beat(0, { components: running, providers: capabilities });
        const shuffle = <Item>(items: Item[]): Item[] => [...items].sort((a, b) => order(a) - order(b));
        const changes = world.beat(30_000, {
          components: shuffle(running),
          providers: shuffle(capabilities),
        });
        expect(changes.components).toEqual([]);
        expect(changes.providers).toEqual([]);
      }),
    );
  });

  test("only what exists is removed, only what differs is put, twice is once, and folding mutates nothing", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const { state } = new LatticeTestBed().inventory;
        facts.forEach((fact, index) => {
          const before = everything(state);
          const changes = fold({ state, now: start + index * 1_000, defaultPeriodMs: periodMs }, fact);
          expect(everything(state)).toEqual(before);
          checkNeeded(state, changes);
          commit(state, changes);
          const after = everything(state);
          commit(state, changes);
          expect(everything(state)).toEqual(after);
          checkSums(state);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("followers who take each batch of changes see the same as whoever asks now", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (facts, batch) => {
        const { inventory: live } = new LatticeTestBed();
        const seen = new Map<string, unknown>();
        facts.forEach((fact, index) => {
          live.apply(fact, start + index * 1_000);
          if (index % batch !== 0 && index !== facts.length - 1) return;
          const changes = live.flush()?.components;
          for (const key of changes?.remove ?? []) seen.delete(key);
          for (const row of changes?.upsert ?? []) seen.set(`${row.hostId}/${row.id}`, row);
        });
        const now = [...live.state.hosts.values()].flatMap(({ components: rows }) => [...rows.values()]);
        expect(new Set(seen.values())).toEqual(new Set(now));
      }),
      { numRuns: 200 },
    );
  });
});
