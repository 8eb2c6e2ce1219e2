import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventRow } from "../../shared/events/schema.ts";
import {
  addOlder,
  arrivedText,
  catchUp,
  countLive,
  type EventWindow,
  hasGap,
  openWindow,
  takeLive,
} from "./event-window.ts";

function event(sequence: number): EventRow {
  return {
    sequence,
    connectionId: "c",
    lattice: "default",
    receivedAt: "2026-11-23T02:00:00.000Z",
    type: sequence % 3 === 0 ? "host_heartbeat" : "component_scaled",
    known: true,
    severity: "info",
    entityKind: "component",
    entityId: "cart",
    summary: "",
  };
}
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => event(from + at));
const newestFirst = (rows: EventRow[]) => [...rows].reverse();
const all = () => true;
const none = { rows: [], skipped: 0 };
const sequences = (window: EventWindow) => window.rows.map((row) => row.sequence);

describe("a live window", () => {
  it("lists what is new on top, once", () => {
    const window = openWindow({ rows: newestFirst(upTo(1, 3)), more: false }, none);
    const live = { rows: upTo(2, 5), skipped: 0 };
    const next = takeLive(window, live, all);
    expect(sequences(next)).toEqual([5, 4, 3, 2, 1]);
    expect(takeLive(next, live, all)).toBe(next);
  });

  it("keeps counting what fits while it is held, and lists nothing", () => {
    const window = openWindow({ rows: newestFirst(upTo(1, 3)), more: false }, none);
    const scaled = (row: EventRow) => row.type === "component_scaled";
    const held = countLive(
      countLive(window, { rows: upTo(1, 5), skipped: 0 }, scaled),
      { rows: upTo(1, 7), skipped: 0 },
      scaled,
    );
    expect(sequences(held)).toEqual([3, 2, 1]);
    expect(arrivedText(held)).toBe("3 new");
    expect(sequences(takeLive(held, { rows: upTo(1, 7), skipped: 0 }, scaled))).toEqual([7, 5, 4, 3, 2, 1]);
  });

  it("says that its count is the least when events went by unseen", () => {
    const window = openWindow({ rows: [], more: false }, { rows: upTo(1, 2), skipped: 0 });
    const held = countLive(window, { rows: upTo(900, 902), skipped: 897 }, all);
    expect(arrivedText(held)).toBe("3 or more new");
    expect(hasGap(held, { rows: upTo(900, 902), skipped: 897 })).toBe(true);
  });

  it("asks the log when the live rows no longer reach back to what is listed", () => {
    const window = openWindow({ rows: [event(10)], more: true }, none);
    expect(hasGap(window, { rows: upTo(9, 20), skipped: 0 })).toBe(false);
    expect(hasGap(window, { rows: upTo(101, 600), skipped: 0 })).toBe(true);
  });
});

describe("the log behind it", () => {
  it("fills the hole that a pause left, and takes the newest page where the hole is too big", () => {
    const window = openWindow({ rows: newestFirst(upTo(1, 3)), more: false }, none);
    expect(sequences(catchUp(window, { rows: newestFirst(upTo(4, 6)), more: false }, none))).toEqual([
      6, 5, 4, 3, 2, 1,
    ]);
    const far = catchUp(window, { rows: newestFirst(upTo(50, 52)), more: true }, none);
    expect(sequences(far)).toEqual([52, 51, 50]);
    expect(far.more).toBe(true);
  });

  it("adds older pages without repeating a row", () => {
    const window = openWindow({ rows: newestFirst(upTo(4, 6)), more: true }, none);
    expect(sequences(addOlder(window, { rows: newestFirst(upTo(1, 4)), more: false }))).toEqual([
      6, 5, 4, 3, 2, 1,
    ]);
  });

  it("does not ask again and again for events that do not fit", () => {
    const live = { rows: upTo(5, 9), skipped: 3 };
    const window = catchUp(openWindow({ rows: [], more: false }, none), { rows: [], more: false }, live);
    expect(hasGap(window, live)).toBe(false);
  });

  it("never holds more than memory may, and stays without holes", () => {
    const window = openWindow({ rows: newestFirst(upTo(10_001, 30_000)), more: true }, none);
    const older = addOlder(window, { rows: newestFirst(upTo(9_501, 10_000)), more: true });
    expect(older.rows).toHaveLength(20_000);
    expect(older.rows[0]?.sequence).toBe(29_500);
    expect(older.listed).toBe(29_500);
    const newer = takeLive(window, { rows: upTo(29_990, 30_100), skipped: 0 }, all);
    expect(newer.rows).toHaveLength(20_000);
    expect(newer.more).toBe(true);
  });

  it("shows every event exactly once, however it was paused and resumed", () => {
    const steps = fc.array(fc.record({ arrive: fc.integer({ min: 0, max: 700 }), held: fc.boolean() }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, (list) => {
        let newest = 5;
        let window = openWindow({ rows: newestFirst(upTo(1, newest)), more: false }, none);
        for (const { arrive, held } of [...list, { arrive: 0, held: false }]) {
          newest += arrive;
          const live = { rows: upTo(Math.max(1, newest - 499), newest), skipped: 0 };
          const page = { rows: newestFirst(upTo(window.listed + 1, newest)), more: false };
          if (held) window = countLive(window, live, all);
          else if (hasGap(window, live)) window = catchUp(window, page, live);
          else window = takeLive(window, live, all);
        }
        expect(sequences(window)).toEqual(newestFirst(upTo(1, newest)).map((row) => row.sequence));
      }),
    );
  });
});
