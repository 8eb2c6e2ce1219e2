import { describe, expect, test } from "vitest";
import {
  component,
  event,
  hostA,
  hostB,
  LatticeTestBed,
  provider,
  scaled,
  start,
} from "../testing/lattice-test-bed.ts";

/** A host that runs `cart` with max 5 and `web` as provider. */
function running(): LatticeTestBed {
  const world = new LatticeTestBed();
  world.beat(0, { components: [component("cart")], providers: [provider("web")] });
  world.inventory.flush();
  return world;
}

describe("component_scaled", () => {
  test("a first start shows the component and asks for what the event does not carry", () => {
    const world = running();
    const changes = world.hear(scaled("orders", 3, { annotations: { team: "a" } }), 5_000);
    expect(world.component("orders")).toMatchObject({
      maxInstances: 3,
      imageReference: "shop/orders:1.0",
      annotations: { team: "a" },
      hostName: "quiet-river-1022",
    });
    expect(world.host).toMatchObject({ componentCount: 2, instanceCount: 8 });
    expect(changes.needsRead).toEqual([hostA]);
  });

  test("its second event changes nothing and asks for nothing (trap 9)", () => {
    const world = running();
    world.hear(scaled("orders", 3), 5_000);
    const before = world.component("orders");
    const changes = world.hear(scaled("orders", 3), 5_001);
    expect(changes.components.rows).toEqual([]);
    expect(changes.needsRead).toEqual([]);
    expect(world.component("orders")).toBe(before);
  });

  test("a resize takes the count, not the old annotations, and reads the rest (trap 10)", () => {
    const world = running();
    world.reply(100, 120, { components: [component("cart", { annotations: { new: "1" } })] });
    const changes = world.hear(scaled("cart", 9, { annotations: { old: "1" } }), 5_000);
    expect(world.component("cart")).toMatchObject({ maxInstances: 9, annotations: { new: "1" } });
    expect(changes.needsRead).toEqual([hostA]);
  });

  test("an update ends in a zero that does not remove the component (trap 6)", () => {
    const world = running();
    world.hear(scaled("cart", 5, { imageReference: "shop/cart:2.0" }), 5_000);
    expect(world.component("cart")).toMatchObject({ maxInstances: 5, imageReference: "shop/cart:2.0" });
    const changes = world.hear(scaled("cart", 0, { imageReference: "shop/cart:2.0" }), 5_000);
    expect(world.component("cart")).toMatchObject({ maxInstances: 5, imageReference: "shop/cart:2.0" });
    expect(changes.needsRead).toEqual([hostA]);
  });

  test("so does one whose first event was missed or is already in the inventory", () => {
    const missed = running();
    expect(missed.hear(scaled("cart", 0, { imageReference: "shop/cart:2.0" }), 5_000).needsRead).toEqual([
      hostA,
    ]);
    expect(missed.component("cart")).toBeDefined();
    const read = running();
    read.reply(4_000, 4_010, { components: [component("cart", { imageReference: "shop/cart:2.0" })] });
    read.hear(scaled("cart", 5, { imageReference: "shop/cart:2.0" }), 5_000);
    read.hear(scaled("cart", 0, { imageReference: "shop/cart:2.0" }), 5_001);
    expect(read.component("cart")).toBeDefined();
  });

  test("a stop removes the component, also after an earlier update", () => {
    const world = running();
    world.hear(scaled("cart", 5, { imageReference: "shop/cart:2.0" }), 5_000);
    world.hear(scaled("cart", 0, { imageReference: "shop/cart:2.0" }), 5_000);
    world.hear(scaled("cart", 0, { imageReference: "shop/cart:2.0" }), 20_000);
    expect(world.component("cart")).toBeUndefined();
    expect(world.host).toMatchObject({ componentCount: 0, instanceCount: 0 });
    expect(world.inventory.flush()?.components).toEqual({ upsert: [], remove: [`${hostA}/cart`] });
  });

  test("a zero for what does not run changes nothing", () => {
    const changes = running().hear(scaled("absent", 0), 5_000);
    expect(changes).toMatchObject({ components: { rows: [], removed: [] }, needsRead: [] });
  });

  test("the host is the source, and the same id on another host stays (trap 12)", () => {
    const world = running();
    world.beat(0, { components: [component("cart")] }, hostB);
    world.hear(scaled("cart", 0), 5_000, hostB);
    expect(world.component("cart")).toBeDefined();
    expect(world.component("cart", hostB)).toBeUndefined();
  });

  test("an unbounded component counts as one instance", () => {
    const world = running();
    world.hear(scaled("wide", 4_294_967_295), 5_000);
    expect(world.host?.instanceCount).toBe(6);
  });

  test("an older event of the same component does not undo a newer one", () => {
    const world = running();
    world.hear(scaled("cart", 8), 5_000);
    const changes = world.learn({ kind: "event", event: event(scaled("cart", 2), { at: 4_000 }) }, 5_010);
    expect(world.component("cart")?.maxInstances).toBe(8);
    expect(changes.needsRead).toEqual([hostA]);
  });

  test("an event older than the inventory does not undo it, whatever the host's clock says", () => {
    for (const skew of [0, 3_600_000, -3_600_000]) {
      const world = new LatticeTestBed();
      const beat = {
        type: "host_heartbeat" as const,
        inventory: { ...emptyInventory, components: [component("cart")] },
      };
      world.learn({ kind: "event", event: event(beat, { at: skew }) }, 10);
      world.reply(5_000, 5_010, { components: [component("cart", { maxInstances: 7 })] });
      world.learn({ kind: "event", event: event(scaled("cart", 2), { at: skew + 3_000 }) }, 5_020);
      expect(world.component("cart")?.maxInstances).toBe(7);
      world.learn({ kind: "event", event: event(scaled("cart", 4), { at: skew + 6_000 }) }, 6_010);
      expect(world.component("cart")?.maxInstances).toBe(4);
    }
  });

  test("an inventory that arrives after one asked for later undoes nothing", () => {
    const world = new LatticeTestBed();
    const holds = (maxInstances: number) => ({ components: [component("cart", { maxInstances })] });
    world.reply(0, 10, holds(1));
    world.hear(scaled("cart", 7), 200);
    world.reply(300, 320, holds(7));
    world.reply(100, 400, holds(1));
    expect(world.component("cart")).toMatchObject({ maxInstances: 7 });
    world.reply(500, 520, holds(2));
    expect(world.component("cart")).toMatchObject({ maxInstances: 2 });
  });

  test("a failure is kept with the component until a success", () => {
    const world = running();
    const failed = { ...scaled("cart", 9), type: "component_scale_failed" as const, error: "not found" };
    world.hear(failed as never, 5_000);
    expect(world.component("cart")).toMatchObject({ maxInstances: 5, lastFailure: { message: "not found" } });
    world.hear(scaled("cart", 5), 9_000);
    expect(world.component("cart")?.lastFailure).toBeUndefined();
  });

  test("repeated while its host is read, it counts, but does not bring back an old image", () => {
    const world = running();
    world.reply(5_000, 5_020, { components: [component("cart", { imageReference: "shop/cart:2.0" })] });
    const late = event(scaled("cart", 8), { at: 5_010 });
    world.learn({ kind: "event", event: late, overlapping: true }, 5_020);
    expect(world.component("cart")).toMatchObject({ maxInstances: 8, imageReference: "shop/cart:2.0" });
  });

  test("wadm's annotations mark what it manages", () => {
    const world = running();
    world.hear(scaled("app", 1, { annotations: { "wasmcloud.dev/appspec": "shop" } }), 5_000);
    expect(world.component("app")?.managedByWadm).toBe(true);
    expect(world.component("cart")?.managedByWadm).toBe(false);
  });
});

describe("providers", () => {
  const passed = { type: "health_check_passed" as const, providerId: "web" };
  const failed = { type: "health_check_failed" as const, providerId: "web" };
  const status = { type: "health_check_status" as const, providerId: "web" };

  test("health is unknown until passed or failed; status says nothing (trap 11)", () => {
    const world = running();
    world.hear(status, 1_000);
    expect(world.provider("web")?.health).toBe("unknown");
    world.hear(passed, 2_000);
    world.hear(status, 3_000);
    expect(world.provider("web")?.health).toBe("healthy");
    world.hear(failed, 4_000);
    expect(world.provider("web")?.health).toBe("unhealthy");
    expect(world.inventory.state.providers.unhealthy).toBe(1);
    world.hear(passed, 3_500);
    expect(world.provider("web")?.health).toBe("unhealthy");
  });

  test("a heartbeat keeps the health, a restart of the host forgets it", () => {
    const world = running();
    world.hear(passed, 1_000);
    world.beat(30_000, { providers: [provider("web")] });
    expect(world.provider("web")?.health).toBe("healthy");
    world.beat(60_000, { providers: [provider("web")], uptimeSeconds: 10 });
    expect(world.provider("web")?.health).toBe("unknown");
  });

  test("started and stopped", () => {
    const world = running();
    const body = {
      type: "provider_started" as const,
      providerId: "kv",
      imageReference: "kv:1",
      annotations: {},
    };
    expect(world.hear(body, 1_000).needsRead).toEqual([hostA]);
    expect(world.provider("kv")).toMatchObject({ imageReference: "kv:1", health: "unknown" });
    expect(world.hear(body, 1_001).providers.rows).toEqual([]);
    world.hear({ type: "provider_stopped", providerId: "kv" }, 2_000);
    expect(world.provider("kv")).toBeUndefined();
    expect(world.host?.providerCount).toBe(1);
  });

  test("a failed start is kept with the provider that runs under the id", () => {
    const world = running();
    const error = "provider is already running with that ID";
    world.hear({ type: "provider_start_failed", providerId: "web", providerReference: "x", error }, 1_000);
    expect(world.provider("web")?.lastFailure?.message).toBe(error);
  });

  test("health of a provider that is not known leads to a read", () => {
    expect(running().hear({ ...passed, providerId: "other" }, 1_000).needsRead).toEqual([hostA]);
  });
});

describe("links", () => {
  const link = {
    sourceId: "web",
    target: "cart",
    name: "default",
    witNamespace: "wasi",
    witPackage: "http",
    interfaces: ["incoming-handler"],
    sourceConfig: [],
    targetConfig: [],
  };
  const key = { sourceId: "web", name: "default", witNamespace: "wasi", witPackage: "http" };
  const links = (world: LatticeTestBed) =>
    [...world.inventory.state.links.rows.values()].map(({ target }) => target);

  test("any host may say so (trap 14)", () => {
    const world = running();
    world.hear({ type: "linkdef_set", link }, 1_000, hostB);
    expect(world.hear({ type: "linkdef_set", link }, 1_001, hostA).links.rows).toEqual([]);
    world.hear({ type: "linkdef_deleted", ...key, target: "cart" }, 2_000, hostA);
    expect(links(world)).toEqual([]);
  });

  test("a rejected link changes nothing", () => {
    const world = running();
    world.hear({ type: "linkdef_set_failed", link, error: "no" }, 1_000);
    expect(links(world)).toEqual([]);
  });

  test("a deletion without target removes the one that fits; of several the list is asked (trap 16)", () => {
    const world = running();
    world.hear({ type: "linkdef_set", link }, 1_000);
    world.hear({ type: "linkdef_set", link: { ...link, target: "other" } }, 1_000);
    const changes = world.hear({ type: "linkdef_deleted", ...key }, 2_000);
    expect(changes).toMatchObject({ links: { needsRead: true, removed: [] } });
    world.learn({ kind: "links", links: [link] }, 3_000);
    expect(links(world)).toEqual(["cart"]);
    world.hear({ type: "linkdef_deleted", ...key }, 4_000);
    expect(links(world)).toEqual([]);
  });
});

const emptyInventory = {
  hostId: hostA,
  friendlyName: "quiet-river-1022",
  version: "1.9.2",
  labels: {},
  uptimeHuman: "",
  uptimeSeconds: 100,
  components: [],
  providers: [],
  skipped: 0,
};

test("changedAt tells of changes since following began, not of what was found", () => {
  const world = running();
  expect(world.component("cart")?.changedAt).toBeUndefined();
  world.hear(scaled("cart", 6), 5_000);
  expect(world.component("cart")?.changedAt).toBe(new Date(start + 5_005).toISOString());
});
