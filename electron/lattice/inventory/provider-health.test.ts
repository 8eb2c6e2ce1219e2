import { expect, test } from "vitest";
import { latticeMessages } from "../../../recordings/recordings.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { DecodedEvent, KnownEvent } from "../events/event-types.ts";
import { LiveInventory } from "./live-inventory.ts";

const recorded: readonly DecodedEvent[] = latticeMessages("1.9.2").flatMap((message) =>
  message.kind === "event"
    ? [decodeEvent(message.subject, Buffer.from(JSON.stringify(message.body)), "wasmbus.evt")]
    : [],
);

type EventOf<Type extends KnownEvent["type"]> = KnownEvent & { type: Type };

function firstOf<Type extends KnownEvent["type"]>(
  type: Type,
  suits: (event: EventOf<Type>) => boolean = () => true,
): EventOf<Type> {
  const isIt = (event: DecodedEvent): event is EventOf<Type> =>
    event.kind === "known" && event.type === type && suits(event as EventOf<Type>);
  const found = recorded.find(isIt);
  if (!found) throw new Error(`no such ${type} was recorded`);
  return found;
}

const status = firstOf("health_check_status");
const { source: hostId, providerId: id } = status;
const ofIt = (event: { source: string; providerId: string }) =>
  event.source === hostId && event.providerId === id;
const started = firstOf("provider_started", ofIt);
const passed = firstOf("health_check_passed", ofIt);
const failed: DecodedEvent = { ...passed, type: "health_check_failed" };
const builtin = firstOf("provider_started", (event) => event.imageReference === "http-server");
const beat = firstOf("host_heartbeat", (event) => event.source === hostId);

/** A console that hears, at the given seconds, events as if they had happened just then. */
class Console {
  readonly live = new LiveInventory(30_000);
  readonly #from = Date.parse("2026-11-29T12:00:00Z");

  hear(second: number, event: DecodedEvent): void {
    const now = this.#from + second * 1_000;
    this.live.apply({ kind: "event", event: { ...event, timeMs: now } }, now);
  }

  /** The host lives on, whatever becomes of its providers. */
  wait(from: number, to: number, host = hostId): void {
    for (let second = from; second <= to; second += 1) {
      const labels: DecodedEvent = { ...firstOf("labels_changed"), source: host };
      if (second % 30 === 0) this.hear(second, labels);
      this.live.apply({ kind: "tick" }, this.#from + second * 1_000);
    }
  }

  apply(second: number, kind: "outage" | "resumed" | "tick"): void {
    this.live.apply({ kind }, this.#from + second * 1_000);
  }

  get row() {
    return this.live.state.providers.get(hostId, id);
  }

  get totals() {
    const { unhealthy, silent } = this.live.state.providers;
    return { unhealthyProviders: unhealthy, silentProviders: silent };
  }
}

test("a provider that answers no health check for two periods is silent, and what it was when it answers again", () => {
  const here = new Console();
  here.hear(0, started);
  here.hear(5, passed);
  here.hear(35, status);
  here.wait(36, 100);
  expect(here.row).toMatchObject({ health: "healthy" });
  here.wait(101, 101);
  expect(here.row).toMatchObject({
    health: "silent",
    healthBefore: "healthy",
    healthAt: "2026-11-29T12:01:41.000Z",
    healthSeenAt: "2026-11-29T12:00:35.000Z",
  });
  expect(here.totals).toEqual({ unhealthyProviders: 0, silentProviders: 1 });
  here.hear(300, status);
  expect(here.row).toMatchObject({ health: "healthy" });
  expect(here.row).not.toHaveProperty("healthBefore");
  expect(here.totals).toEqual({ unhealthyProviders: 0, silentProviders: 0 });
});

test("one that was unhealthy is so again, and a check that failed ends the silence", () => {
  const here = new Console();
  here.hear(0, started);
  here.hear(5, failed);
  here.wait(6, 100);
  expect(here.row).toMatchObject({ health: "silent", healthBefore: "unhealthy" });
  here.hear(101, status);
  expect(here.row).toMatchObject({ health: "unhealthy" });
  here.wait(102, 200);
  here.hear(201, passed);
  expect(here.row).toMatchObject({ health: "healthy", healthAt: "2026-11-29T12:03:21.000Z" });
  expect(here.totals).toEqual({ unhealthyProviders: 0, silentProviders: 0 });
});

test("a signed provider that never said anything is silent, a builtin one stays unknown", () => {
  const here = new Console();
  here.hear(0, started);
  here.hear(0, builtin);
  here.wait(1, 300);
  here.wait(1, 300, builtin.source);
  expect(here.row).toMatchObject({ health: "silent" });
  expect(here.row).not.toHaveProperty("healthSeenAt");
  expect(here.live.state.providers.get(builtin.source, builtin.providerId)).toMatchObject({
    health: "unknown",
  });
});

test("a time in which nothing could be heard is no silence of a provider", () => {
  const here = new Console();
  here.hear(0, started);
  here.hear(5, passed);
  here.apply(6, "outage");
  here.apply(600, "resumed");
  here.wait(601, 660);
  expect(here.row).toMatchObject({ health: "healthy" });
  here.wait(661, 700);
  expect(here.row).toMatchObject({ health: "silent", healthSeenAt: "2026-11-29T12:00:05.000Z" });
});

test("of a host that is silent itself nothing is said about its providers", () => {
  const here = new Console();
  here.hear(0, started);
  here.hear(5, passed);
  for (let second = 6; second < 100; second += 1) here.apply(second, "tick");
  expect(here.live.state.hosts.get(hostId)?.row.status).toBe("stale");
  expect(here.row).toMatchObject({ health: "healthy" });
  here.hear(100, beat);
});
