import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../upstream/clock.ts";
import { hostA, hostB, inventory, LatticeTestBed, start } from "../testing/lattice-test-bed.ts";
import { HostPings } from "./host-pings.ts";

const identity = { labels: {}, lattice: "default", friendlyName: "n", uptimeSeconds: 3_600 };

/** A console whose hosts answer pings or do not. */
class Here {
  readonly world = new LatticeTestBed();
  readonly answering = new Set<string>();
  readonly pings: number[] = [];
  readonly #pings = new HostPings({
    clock: systemClock,
    hosts: this.world.inventory.state.hosts,
    ping: async () => {
      this.pings.push(this.second);
      const askedAt = systemClock.now();
      for (const id of this.answering)
        this.world.learn(
          { kind: "host", host: { ...identity, id, controlHost: "nats://c" }, askedAt },
          this.#at,
        );
    },
  });

  get #at(): number {
    return systemClock.now() - start;
  }

  get second(): number {
    return Math.round(this.#at / 1_000);
  }

  beat(hostId: string, uptimeSeconds: number): void {
    const beat = inventory({ hostId, uptimeSeconds });
    this.world.hear({ type: "host_heartbeat", inventory: beat }, this.#at, hostId);
  }

  row(hostId: string) {
    return this.world.inventory.state.hosts.get(hostId)?.row;
  }

  async wait(seconds: number): Promise<void> {
    for (let tick = 0; tick < seconds * 4; tick += 1) {
      await vi.advanceTimersByTimeAsync(250);
      this.world.learn({ kind: "tick" }, this.#at);
      this.#pings.tick();
      await Promise.resolve();
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => vi.useRealTimers());

test("a host that is heard of is asked once, and again after it was started again under the same id", async () => {
  const here = new Here();
  here.answering.add(hostA);
  here.beat(hostA, 100);
  await here.wait(20);
  expect(here.pings).toHaveLength(1);
  expect(here.row(hostA)).toMatchObject({ controlHost: "nats://c" });
  here.beat(hostA, 5);
  await here.wait(20);
  expect(here.pings).toHaveLength(2);
});

test("one that never answers, such as one on another topic prefix, is asked ever more rarely", async () => {
  const here = new Here();
  for (let second = 0; second < 1_200; second += 30) {
    here.beat(hostA, 1_000 + second);
    await here.wait(30);
  }
  expect(here.pings.length).toBeGreaterThan(4);
  expect(here.pings.length).toBeLessThan(9);
  here.answering.add(hostB);
  here.beat(hostB, 10);
  await here.wait(3);
  expect(here.row(hostB)).toMatchObject({ controlHost: "nats://c" });
});

test("a host that sends no heartbeats but answers is busy and stays live; one that does not is lost", async () => {
  const here = new Here();
  here.answering.add(hostA).add(hostB);
  here.beat(hostA, 100);
  here.beat(hostB, 100);
  await here.wait(10);
  here.answering.delete(hostB);
  const statuses = new Set<string | undefined>();
  for (let second = 0; second < 600; second += 5) {
    await here.wait(5);
    statuses.add(here.row(hostA)?.status);
  }
  expect([...statuses]).toEqual(["live"]);
  expect(here.row(hostB)).toMatchObject({ status: "lost" });
});

test("a lattice without any host is asked again, ever more rarely: its hosts may come to the server later", async () => {
  const here = new Here();
  await here.wait(4);
  expect(here.pings).toHaveLength(1);
  here.answering.add(hostA);
  await here.wait(4);
  expect(here.row(hostA)).toMatchObject({ status: "live" });
  expect(here.pings).toHaveLength(2);
});
