import { describe, expect, test } from "vitest";
import { type LatticeVersion, latticeMessages, latticeVersions } from "../../recordings/recordings.ts";
import { LiveInventory } from "./inventory/live-inventory.ts";
import { decoded, foldDifferences, isEvent, unreadEvents, unreadReplies } from "./testing/said-by-hosts.ts";

test("a zero of 1.0.0 takes no component away that runs on", () => {
  const live = new LiveInventory(30_000);
  const zeros = latticeMessages("1.0.0")
    .filter(isEvent)
    .flatMap((message) => {
      const event = decoded(message);
      const now = Date.parse(message.at);
      const isZero = event.kind === "known" && event.type === "component_scaled" && event.maxInstances === 0;
      const ran = isZero && live.state.components.get(event.source, event.componentId) !== undefined;
      const { needsRead } = live.apply({ kind: "event", event }, now);
      if (!isZero || !ran) return [];
      const kept = live.state.components.get(event.source, event.componentId);
      return [{ kept: kept !== undefined, asked: needsRead.includes(event.source) }];
    });
  expect(zeros.length).toBeGreaterThan(3);
  expect(new Set(zeros.map((zero) => JSON.stringify(zero)))).toEqual(
    new Set([JSON.stringify({ kept: true, asked: true })]),
  );
});

describe.each(latticeVersions)("what hosts of version %s said", (version) => {
  const messages = latticeMessages(version);

  test("every event is read", () => {
    expect(messages.filter(isEvent).length).toBeGreaterThan(50);
    expect(unreadEvents(messages)).toEqual([]);
  });

  test("every reply is read, and nothing in it is passed over", () => {
    expect(unreadReplies(messages)).toEqual([]);
  });

  test("what the events led to is what the hosts list when they are asked next", () => {
    const known = exceptions[version];
    const found = foldDifferences(messages);
    expect(found.map(({ at, workload }) => [at, workload])).toEqual(
      known.map(([at, workload]) => [at, workload]),
    );
    // What an event cannot tell has been asked for.
    const unasked = found.filter(({ asked }, place) => !asked && known[place]?.[2] !== leftOut);
    expect(unasked).toEqual([]);
  });
});

const leftOut = "the recording keeps one of several like events, and the one of this scale is not among them";
const limits = "an event says the count alone; the limits are in the inventory only";
const anyZero =
  "1.0.0 says zero whenever it ends an instance, so the host is asked before the component goes";

/** Where the events that were recorded do not lead to what the host lists, and why. */
const exceptions: Record<LatticeVersion, readonly [at: string, workload: string, reason: string][]> = {
  "1.0.0": [
    ["2026-11-29T00:01:38.968Z", "a1", leftOut],
    ["2026-11-29T00:01:39.540Z", "a1", anyZero],
  ],
  "1.0.4": [
    ["2026-11-28T23:40:10.387Z", "a1", leftOut],
    ["2026-11-28T23:43:15.201Z", "ch", leftOut],
  ],
  "1.2.1": [["2026-11-28T23:52:22.986Z", "a1", leftOut]],
  "1.4.2": [["2026-11-28T23:48:54.932Z", "a1", leftOut]],
  "1.9.2": [
    ["2026-11-28T22:49:12.566Z", "a1", leftOut],
    ["2026-11-28T22:49:13.689Z", "a1", leftOut],
    ["2026-11-28T22:49:14.802Z", "a1", limits],
    ["2026-11-28T22:49:15.546Z", "a1", leftOut],
    ["2026-11-28T22:49:16.719Z", "a1", leftOut],
    ["2026-11-28T22:49:28.556Z", "u1", limits],
    ["2026-11-28T23:06:32.165Z", "x1", leftOut],
    ["2026-11-28T23:06:32.632Z", "x1", leftOut],
  ],
  mixed: [
    ["2026-11-28T23:54:54.862Z", "au", leftOut],
    ["2026-11-28T23:54:55.147Z", "au", leftOut],
  ],
};
