import { describe, expect, it } from "vitest";
import { type LatticeVersion, latticeMessages, latticeVersions } from "../../../../recordings/recordings.ts";
import type { Activity } from "../../../../shared/contract/index.ts";
import type { EventRow } from "../../../../shared/events/schema.ts";
import { decodeEvent } from "../../events/decode-event.ts";
import { event, hostA, scaled } from "../../testing/lattice-test-bed.ts";
import { oldCodeText } from "./known-update.ts";
import { UpdateHistory } from "./update-history.ts";
import { isScaled, type ScaledEvent } from "./update-pairs.ts";
import { type EventHistory, recallUpdates } from "./update-recall.ts";

function scaledEvent(...parts: Parameters<typeof event>): ScaledEvent {
  const made = event(...parts);
  if (!isScaled(made)) throw new Error("it is no component_scaled");
  return made;
}

const connectionId = "c";
const place = { connectionId, lattice: "default", hostId: hostA, id: "cart" };
const started = "2026-11-23T08:00:00.000Z";
const host = { version: "1.9.2", startedAt: started };
const second = (number: number) => new Date(Date.parse(started) + number * 1_000).toISOString();
const noEvents: EventHistory = { searchInSteps: async () => ({ rows: [] }), get: () => undefined };
const newImage = { imageReference: "shop/cart:2.0" };

function history(activities: Activity[] = [], events = noEvents): UpdateHistory {
  return new UpdateHistory({ list: () => activities }, events);
}

/** The events of an update as hosts from 1.0.1 on send them. */
function hearUpdate(updates: UpdateHistory, at: number): void {
  for (const count of [5, 0])
    updates.hear(
      connectionId,
      "default",
      scaledEvent(scaled("cart", count, newImage), { at: at * 1_000 }),
      second(at),
    );
}

function update(state: Activity["state"], at: number, more: Partial<Activity> = {}): Activity {
  return {
    id: `a${at}`,
    operation: "lattice.components.update",
    state,
    connectionId,
    startedAt: second(at),
    target: { kind: "component", id: "cart", label: "cart", lattice: "default", hostId: hostA },
    input: newImage,
    ...more,
  } as Activity;
}

/** Every event about components that was recorded of hosts of a version, in order. */
function recordedEvents(version: LatticeVersion): { decoded: ScaledEvent; at: string }[] {
  return latticeMessages(version).flatMap((message) => {
    if (message.kind !== "event") return [];
    const bytes = Buffer.from(JSON.stringify(message.body));
    const decoded = decodeEvent(message.subject, bytes, "wasmbus.evt");
    return isScaled(decoded) ? [{ decoded, at: message.at }] : [];
  });
}

/** The places of the components whose update hosts of a version acknowledged. */
function acknowledgedUpdates(version: LatticeVersion): string[] {
  return latticeMessages(version).flatMap((message) => {
    if (message.kind !== "reply" || !message.to.includes(".component.update.")) return [];
    const [, id] =
      /^component (\S+) updating from /.exec((message.body as { message: string }).message) ?? [];
    return id === undefined ? [] : [`${message.to.split(".").at(-1)}/${id}`];
  });
}

describe.each(latticeVersions)("the events that hosts of %s sent", (version) => {
  it("tell the updates that were asked for, and no others", () => {
    const scaledEvents = recordedEvents(version);
    const updates = history();
    for (const { decoded, at } of scaledEvents) updates.hear(connectionId, "default", decoded, at);
    const places = new Set(
      scaledEvents.map(({ decoded: { source, componentId } }) => `${source}/${componentId}`),
    );
    const hostVersion = version === "mixed" ? "1.9.2" : version;
    const found = [...places].filter((name) => {
      const [hostId = "", ...id] = name.split("/");
      const where = { connectionId, lattice: "default", hostId, id: id.join("/") };
      return updates.known(where, { version: hostVersion }) !== undefined;
    });
    // What 1.0.0 ran before an update is ended by it.
    if (version === "1.0.0") expect(found).toEqual([]);
    else expect(found.length).toBeGreaterThan(2);
    expect(acknowledgedUpdates(version)).toEqual(expect.arrayContaining(found));
  });
});

describe("an update by somebody else", () => {
  it("is known until its host starts anew, and is no secret that it is not ours", () => {
    const updates = history();
    expect(updates.known(place, host)).toBeUndefined();
    hearUpdate(updates, 10);
    const known = updates.known(place, host);
    expect(known).toEqual({ at: second(10), origin: "seen" });
    expect(known && oldCodeText(known)).toMatch(
      /2026-11-23 08:00 UTC by somebody else .* may go on answering/,
    );
    expect(updates.known(place, { ...host, startedAt: second(20) })).toBeUndefined();
    expect(updates.known(place, { ...host, version: "1.0.0" })).toBeUndefined();
  });

  it("is not made up from a stop and start, a resize, or a stop", () => {
    const updates = history();
    const events: [number, number, object?][] = [
      [5, 10_000],
      [0, 11_000],
      [5, 11_100, newImage],
      [5, 11_101, newImage],
      [9, 12_000, newImage],
      [0, 13_000, newImage],
      // As quick as a program may stop what it has just started.
      [1, 14_000, newImage],
      [1, 14_001, newImage],
      [0, 14_100, newImage],
    ];
    for (const [count, at, more] of events)
      updates.hear(
        connectionId,
        "default",
        scaledEvent(scaled("cart", count, more), { at }),
        second(at / 1_000),
      );
    expect(updates.known(place, host)).toBeUndefined();
  });

  it("is told from one of ours that brought the same image before", () => {
    const updates = history([update("confirmed", 9)]);
    hearUpdate(updates, 10);
    expect(updates.known(place, host)).toEqual({ at: second(9), origin: "sent" });
    const others = history([update("confirmed", 9, { input: { imageReference: "shop/cart:3.0" } })]);
    hearUpdate(others, 10);
    expect(others.known(place, host)).toEqual({ at: second(10), origin: "seen" });
  });
});

describe("our own update", () => {
  it.each(["recorded", "sent", "acknowledged", "unknown"] as const)(
    "that is %s may leave old code",
    (state) => {
      const updates = history([update(state, 10)]);
      expect(updates.known(place, host)).toEqual({ at: second(10), origin: "open" });
      expect(updates.openSince(place, host)).toBe(second(10));
      expect(updates.openSince(place, { ...host, startedAt: second(20) })).toBeUndefined();
      hearUpdate(updates, 11);
      expect(updates.openSince(place, host)).toBeUndefined();
      expect(updates.known(place, host)).toEqual({ at: second(10), origin: "sent" });
    },
  );

  it("that fails takes no earlier one with it", () => {
    const updates = history([update("verified", 5)]);
    expect(updates.known(place, host)?.at).toBe(second(5));
    updates.remember(update("sent", 10));
    expect(updates.openSince(place, host)).toBe(second(10));
    expect(updates.known(place, host)).toEqual({ at: second(5), origin: "sent" });
    updates.remember(update("failed", 10));
    expect(updates.openSince(place, host)).toBeUndefined();
    expect(updates.known(place, host)?.at).toBe(second(5));
  });
});

it("finds updates in the kept events again, and reads only what may be one", async () => {
  const scaledEvents = recordedEvents("1.9.2");
  const rows = scaledEvents.map(({ decoded, at }, sequence) => rowOf(decoded, sequence, at));
  const texts = new Set<number>();
  const events: EventHistory = {
    searchInSteps: async ({ limit }) => ({ rows: rows.slice(-limit).reverse() }),
    get: (sequence) => {
      texts.add(sequence);
      return scaledEvents[sequence]?.decoded;
    },
  };
  const found = await recallUpdates(events, connectionId);
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(["u1", "code", "sg", "x1"]));
  expect(texts.size).toBeLessThan(rows.length / 2);
});

function rowOf(decoded: ScaledEvent, sequence: number, receivedAt: string): EventRow {
  const { componentId: entityId, lattice, source, time, type } = decoded;
  const head = { sequence, connectionId, lattice, receivedAt, type, known: true, source };
  return {
    ...head,
    ...(time !== undefined && { time }),
    severity: "info",
    entityKind: "component",
    entityId,
    summary: "",
  };
}
