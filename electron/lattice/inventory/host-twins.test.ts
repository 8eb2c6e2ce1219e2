import { expect, test } from "vitest";
import { latticeMessages, latticeVersions } from "../../../recordings/recordings.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import { LatticeTestBed } from "../testing/lattice-test-bed.ts";
import { LiveInventory } from "./live-inventory.ts";

function follow(live: LiveInventory, version: (typeof latticeVersions)[number]): Set<string> {
  const remarks = new Set<string>();
  for (const message of latticeMessages(version)) {
    if (message.kind !== "event") continue;
    const event = decodeEvent(message.subject, Buffer.from(JSON.stringify(message.body)), "wasmbus.evt");
    live.apply({ kind: "event", event }, Date.parse(message.at));
    const problem = live.state.hosts.get(event.source)?.row.problem;
    if (problem) remarks.add(problem);
  }
  return remarks;
}

test("two processes that beat under one id are recognised and named", () => {
  const remarks = [...follow(new LiveInventory(30_000), "1.9.2")];
  expect(remarks).toEqual([
    expect.stringContaining("Two processes beat under this id, floral-firefly-3871 and frosty-hill-5861"),
  ]);
});

test.each(latticeVersions.filter((version) => version !== "1.9.2"))(
  "a host of %s that was started again under its id is one",
  (version) => {
    expect([...follow(new LiveInventory(30_000), version)]).toEqual([]);
  },
);

test("the remark stays while both beat, whichever did last, and goes with one of them", () => {
  const world = new LatticeTestBed();
  const beat = (second: number, friendlyName: string, uptimeSeconds: number): string | undefined => {
    world.beat(second * 1_000, { friendlyName, uptimeSeconds });
    return world.host?.problem;
  };
  expect(beat(0, "old", 1_000)).toBeUndefined();
  const remark = beat(10, "young", 40);
  expect(remark).toContain("old and young");
  expect(beat(30, "old", 1_030)).toBe(remark);
  expect(beat(40, "young", 70)).toBe(remark);
  for (let second = 60; second <= 240; second += 30) beat(second, "old", 1_000 + second);
  expect(world.host?.problem).toBeUndefined();
});

test("beats that were held up and arrive together are no second process", () => {
  const world = new LatticeTestBed();
  const beats: DecodedEvent[] = [];
  const apply = world.learn.bind(world);
  world.learn = (fact, now) => {
    if (fact.kind === "event") beats.push(fact.event);
    return apply(fact, now);
  };
  world.beat(0, { friendlyName: "old", uptimeSeconds: 1_000 });
  world.beat(35_000, { friendlyName: "new", uptimeSeconds: 30 });
  const late = new LatticeTestBed();
  for (const event of beats) late.learn({ kind: "event", event }, 60_000);
  expect(late.host).toMatchObject({ friendlyName: "new" });
  expect(late.host?.problem).toBeUndefined();
});
