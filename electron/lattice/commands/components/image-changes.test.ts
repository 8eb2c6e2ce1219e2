import { expect, test } from "vitest";
import { component, LatticeTestBed, scaled } from "../../testing/lattice-test-bed.ts";

const oldImage = [component("cart"), component("web")];
const newImage = [component("cart", { imageReference: "shop/cart:2.0" }), component("web")];
const changed = (world: LatticeTestBed) => world.last?.components.changedImages.map(({ id }) => id);

function running(): LatticeTestBed {
  const world = new LatticeTestBed();
  world.reply(0, 10, { components: oldImage });
  return world;
}

test("an image that was another one before the connection was lost is told once", () => {
  const world = running();
  world.learn({ kind: "outage" }, 60_000);
  world.reply(120_000, 120_010, { components: newImage });
  expect(changed(world)).toEqual(["cart"]);
  world.reply(130_000, 130_010, { components: oldImage });
  expect(changed(world)).toEqual([]);
});

test("so is one that a heartbeat shows first, and one whose next scale was heard before the reading", () => {
  const byBeat = running();
  byBeat.learn({ kind: "outage" }, 60_000);
  byBeat.beat(120_000, { components: newImage });
  expect(changed(byBeat)).toEqual(["cart"]);
  const scaledFirst = running();
  scaledFirst.learn({ kind: "outage" }, 60_000);
  scaledFirst.hear(scaled("cart", 9, { imageReference: "shop/cart:2.0" }), 120_000);
  scaledFirst.reply(120_010, 120_020, { components: newImage });
  expect(changed(scaledFirst)).toEqual(["cart"]);
});

test("an image that changes while events are heard is not told: they tell what it was", () => {
  const world = running();
  world.reply(60_000, 60_010, { components: newImage });
  expect(changed(world)).toEqual([]);
});

test("nor is one of a host that was started anew meanwhile, even where a ping said so first", () => {
  const world = running();
  world.learn({ kind: "outage" }, 60_000);
  const { id = "", labels = {} } = world.host ?? {};
  const host = { id, friendlyName: "other", labels, lattice: "default", uptimeSeconds: 30 };
  world.learn({ kind: "host", host, askedAt: 0 }, 120_000);
  world.reply(120_000, 120_010, { components: newImage, uptimeSeconds: 30 });
  expect(changed(world)).toEqual([]);
});
