import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { componentRowSchema, hostRowSchema, providerRowSchema } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import type { HostInventory } from "../client/control-types.ts";
import type { DecodedEvent, EventBody } from "../events/event-types.ts";
import {
  component,
  event,
  hostA,
  hostB,
  inventory,
  LatticeTestBed,
  provider,
  scaled,
  start,
} from "../testing/lattice-test-bed.ts";
import { commit, type Fact, fold, type InventoryChanges, type InventoryState } from "./inventory.ts";
import type { LatticeChanges } from "./live-inventory.ts";

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
  fc.constant<Fact>({ kind: "resumed" }),
  fc.constant<Fact>({ kind: "tick" }),
);

/** What the host itself would say, without what only the console remembers. */
function wirePart(state: InventoryState, hostId: string): unknown {
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  const components = [...state.components.on(hostId).rows.values()]
    .map(({ id, imageReference, maxInstances, annotations }) => ({
      id,
      imageReference,
      maxInstances,
      annotations,
    }))
    .sort(byId);
  const providers = [...state.providers.on(hostId).rows.values()]
    .map(({ id, imageReference, annotations }) => ({ id, imageReference, annotations }))
    .sort(byId);
  return { components, providers };
}

function everything({ hosts, components, providers, links }: InventoryState): unknown {
  const on = [hostA, hostB].map((hostId) => [
    ...[components.on(hostId), providers.on(hostId)].map(({ rows, memos }) => [[...rows], [...memos]]),
    [...(providers.pulses.get(hostId) ?? [])],
  ]);
  return structuredClone({
    hosts: [[...hosts.entries], hosts.byStatus, hosts.unanswered],
    on,
    components: [components.size, [...components.spread]],
    providers: [providers.size, providers.unhealthy, providers.silent],
    links: [...links.rows],
  });
}

/** Each row of a list is what its map has under its key, and the list has no other. */
function checkLists({ hosts, components, providers, links }: InventoryState): void {
  const reached = [...hosts.entries.keys()];
  for (const rows of [components, providers]) {
    for (const row of rows.rows()) {
      expect(rows.get(row.hostId, row.id)).toBe(row);
      expect(rows.on(row.hostId).rows.get(row.id)).toBe(row);
    }
    expect(rows.rows()).toHaveLength(rows.size);
    expect(reached.flatMap((hostId) => [...rows.on(hostId).rows.values()])).toHaveLength(rows.size);
  }
  for (const [id, { row }] of hosts.entries) expect(row.id).toBe(id);
  for (const [key, row] of links.rows) expect(latticeTopics["lattice.links"].key(row)).toBe(key);
  for (const [hostId, pulses] of providers.pulses)
    for (const id of pulses.keys()) expect(providers.get(hostId, id)).toBeDefined();
}

/** Counts and sums are what counting would give, and every row fits the contract. */
function checkSums({ hosts, components, providers }: InventoryState): void {
  const spread = new Map<string, number>();
  for (const { row } of hosts.entries.values()) {
    hostRowSchema.parse(row);
    const running = [...components.on(row.id).rows.values()];
    for (const each of running) spread.set(each.id, (spread.get(each.id) ?? 0) + 1);
    expect(row).toMatchObject({
      componentCount: running.length,
      providerCount: providers.on(row.id).rows.size,
      instanceCount: running.reduce((sum, { maxInstances }) => sum + maxInstances, 0),
    });
  }
  for (const each of components.rows()) componentRowSchema.parse(each);
  const healths = providers.rows().map((each) => providerRowSchema.parse(each).health);
  expect(providers.silent).toBe(healths.filter((health) => health === "silent").length);
  expect(providers.unhealthy).toBe(healths.filter((health) => health === "unhealthy").length);
  expect(new Map(components.spread)).toEqual(spread);
  const count = Object.values(hosts.byStatus).reduce((sum, each) => sum + each, 0);
  expect(count).toBe(hosts.entries.size);
}

/** Nothing is removed that is not there, and nothing put that is there already. */
function checkNeeded(state: InventoryState, changes: InventoryChanges): void {
  for (const kind of ["components", "providers"] as const) {
    for (const { hostId, id } of changes[kind].removed) expect(state[kind].get(hostId, id)).toBeDefined();
    for (const row of changes[kind].rows) expect(row).not.toEqual(state[kind].get(row.hostId, row.id));
  }
  for (const key of changes.links.removed) expect(state.links.rows.has(key)).toBe(true);
  for (const row of changes.hosts.rows) expect(row).not.toEqual(state.hosts.get(row.id)?.row);
}

/** Freezes everything that a state may come to hold by these changes, as deep as it goes. */
function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) deepFrozen(each);
  return value;
}

/** The maps that were changed while `work` ran; each change is refused that `mayChange` denies. */
function watchMaps(work: () => void, mayChange: (map: object) => boolean): Set<object> {
  const changed = new Set<object>();
  const methods = ["set", "delete", "clear"] as const;
  const spies = methods.map((name) => {
    const original = Map.prototype[name] as (...input: unknown[]) => unknown;
    return vi.spyOn(Map.prototype, name).mockImplementation(function (this: object, ...input: unknown[]) {
      if (!mayChange(this)) throw new Error(`a map of the state was changed by ${name}`);
      changed.add(this);
      return original.apply(this, input) as never;
    });
  });
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return changed;
}

/** What a follower shows that takes the changes after each `batch` facts. */
class Follower {
  readonly shown = { hosts: new Map(), components: new Map(), providers: new Map(), links: new Map() };
  readonly #live = new LatticeTestBed().inventory;

  follow(facts: readonly Fact[], batch: number): InventoryState {
    facts.forEach((fact, index) => {
      this.#live.apply(fact, start + index * 1_000);
      if (index % batch === batch - 1 || index === facts.length - 1) this.#take(this.#live.flush() ?? {});
    });
    return this.#live.state;
  }

  #take(changes: LatticeChanges): void {
    const keys = {
      hosts: latticeTopics["lattice.hosts"].key,
      components: latticeTopics["lattice.components"].key,
      providers: latticeTopics["lattice.providers"].key,
      links: latticeTopics["lattice.links"].key,
    };
    for (const kind of ["hosts", "components", "providers", "links"] as const) {
      for (const key of changes[kind]?.remove ?? []) this.shown[kind].delete(key);
      for (const row of changes[kind]?.upsert ?? []) this.shown[kind].set(keys[kind](row as never), row);
    }
  }
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
        expect(changes.components.rows).toEqual([]);
        expect(changes.providers.rows).toEqual([]);
      }),
    );
  });

  test("only what exists is removed, only what differs is put, and twice is once", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const { state } = new LatticeTestBed().inventory;
        facts.forEach((fact, index) => {
          const changes = fold(state, fact, start + index * 1_000);
          checkNeeded(state, changes);
          commit(state, changes);
          const after = everything(state);
          commit(state, changes);
          expect(everything(state)).toEqual(after);
          checkSums(state);
          checkLists(state);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("folding changes nothing of the state it is given", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const { state } = new LatticeTestBed().inventory;
        const maps = new Set<object>();
        facts.forEach((fact, index) => {
          const before = everything(state);
          const folded: InventoryChanges[] = [];
          const foldIt = () => void folded.push(fold(state, fact, start + index * 1_000));
          watchMaps(foldIt, (map) => !maps.has(map));
          expect(everything(state)).toEqual(before);
          const changes = deepFrozen(folded[0] as InventoryChanges);
          for (const map of watchMaps(
            () => commit(state, changes),
            () => true,
          ))
            maps.add(map);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("followers who take many changes at once see the same as those who take each, and as whoever asks now", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), fc.integer({ min: 2, max: 30 }), (facts, batch) => {
        const each = new Follower();
        const many = new Follower();
        const one = each.follow(facts, 1);
        const state = many.follow(facts, batch);
        expect(many.shown).toEqual(each.shown);
        expect(everything(state)).toEqual(everything(one));
        const { hosts, components, providers, links } = many.shown;
        expect(new Set(hosts.values())).toEqual(
          new Set([...state.hosts.entries.values()].map(({ row }) => row)),
        );
        expect(new Set(components.values())).toEqual(new Set(state.components.rows()));
        expect(new Set(providers.values())).toEqual(new Set(state.providers.rows()));
        expect(links).toEqual(new Map(state.links.rows));
      }),
      { numRuns: 200 },
    );
  });
});
