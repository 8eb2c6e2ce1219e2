import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../upstream/clock.ts";
import type { Link } from "../client/control-types.ts";
import type { EventBody } from "../events/event-types.ts";
import type { Fact } from "../inventory/inventory.ts";
import { event, LatticeTestBed, start } from "../testing/lattice-test-bed.ts";
import { LinkReading } from "./link-reading.ts";

const key = { sourceId: "cart", name: "default", witNamespace: "wasi", witPackage: "keyvalue" };
const link = (target: string, interfaces: string[]): Link => ({
  ...key,
  target,
  interfaces,
  sourceConfig: [],
  targetConfig: [],
});
const redis = link("keyvalue-redis", ["store"]);
const files = link("blobstore-fs", ["batch"]);
const unnamed: EventBody = { type: "linkdef_deleted", ...key };

/** A console that listens to a lattice whose hosts list the links of `copy`. */
class Listening {
  copy: readonly Link[] = [];
  reads = 0;
  skipped = 0;
  connected = true;
  readonly #world = new LatticeTestBed();
  readonly #reading = new LinkReading({
    clock: systemClock,
    read: async () => {
      this.reads += 1;
      return { items: [...this.copy], skipped: this.skipped };
    },
    canRead: () => this.connected,
    apply: (fact) => this.#apply(fact),
  });

  hear(body: EventBody): void {
    const heard = event(body, { at: systemClock.now() - start });
    if (heard.kind !== "known") return;
    this.#reading.heard(heard);
    this.#apply({ kind: "event", event: heard });
  }

  read(): Promise<void> {
    return this.#reading.now();
  }

  list(): Promise<readonly Link[]> {
    return this.#reading.list();
  }

  targets(): string[] {
    return [...this.#world.inventory.state.links.rows.values()].map(({ target }) => target).sort();
  }

  #apply(fact: Fact): void {
    if (this.#world.learn(fact, systemClock.now() - start).links.needsRead) this.#reading.soon();
  }
}

let here: Listening;
beforeEach(async () => {
  vi.useFakeTimers({ now: start });
  here = new Listening();
  here.copy = [redis, files];
  await here.read();
  await vi.advanceTimersByTimeAsync(5_000);
});
afterEach(() => vi.useRealTimers());

test("of two links with one key, a deletion that names no target takes one, not both (hosts before 1.3)", async () => {
  here.hear(unnamed);
  here.copy = [files];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(here.targets()).toEqual(["blobstore-fs"]);
});

test("the list is read again until the copies had time to follow, and no longer", async () => {
  here.hear(unnamed);
  await vi.advanceTimersByTimeAsync(600);
  expect(here.targets()).toEqual(["blobstore-fs", "keyvalue-redis"]);
  here.copy = [redis];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(here.targets()).toEqual(["keyvalue-redis"]);
  const { reads } = here;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(here.reads).toBe(reads);
});

test("links that parallel writes lost are gone some seconds after the last event, which had announced them", async () => {
  const announced = Array.from({ length: 10 }, (_, number) => link(`t${number}`, [`i${number}`]));
  for (const each of announced) {
    here.hear({ type: "linkdef_set", link: each });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(here.targets()).toHaveLength(12);
  here.copy = [redis, files, link("t9", ["i9"])];
  await vi.advanceTimersByTimeAsync(3_000);
  expect(here.targets()).toEqual(["blobstore-fs", "keyvalue-redis", "t9"]);
});

test("a flood of changes does not put the reading off for ever, and is read once more when it is over", async () => {
  const before = here.reads;
  for (let second = 0; second < 60; second += 1) {
    here.hear({ type: "linkdef_set", link: link(`t${second}`, []) });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  const during = here.reads - before;
  expect(during).toBeGreaterThan(3);
  expect(during).toBeLessThan(12);
  here.copy = [files];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(here.targets()).toEqual(["blobstore-fs"]);
});

test("the list is read every few minutes, but not while there is no connection", async () => {
  here.copy = [files];
  await vi.advanceTimersByTimeAsync(300_000);
  expect(here.targets()).toEqual(["blobstore-fs"]);
  const { reads } = here;
  here.connected = false;
  here.hear(unnamed);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(here.reads).toBe(reads);
});

test("what a command reads is shown, and does not take the place of the reading after the last event", async () => {
  here.hear({ type: "linkdef_set", link: link("other", ["atomics"]) });
  here.copy = [redis];
  expect(await here.list()).toEqual([redis]);
  expect(here.targets()).toEqual(["keyvalue-redis", "other"]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(here.targets()).toEqual(["keyvalue-redis"]);
});

test("of a list that could be read in part, what is missing may be there", async () => {
  here.copy = [redis];
  here.skipped = 1;
  await here.read();
  expect(here.targets()).toEqual(["blobstore-fs", "keyvalue-redis"]);
});

test("a link that was set, and deleted without its target while a lagging copy was read, does not stay", async () => {
  here.copy = [redis, files];
  const added = link("other", ["atomics"]);
  here.hear({ type: "linkdef_set", link: added });
  here.hear({ ...unnamed });
  await here.read();
  here.copy = [files, redis];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(here.targets()).toEqual(["blobstore-fs", "keyvalue-redis"]);
});

test("what was heard while an older copy was read stays on top of it", async () => {
  here.hear({ type: "linkdef_set", link: link("other", ["atomics"]) });
  here.hear({ type: "linkdef_deleted", ...key, target: "keyvalue-redis" });
  await here.read();
  expect(here.targets()).toEqual(["blobstore-fs", "other"]);
});
