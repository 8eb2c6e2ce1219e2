import fc from "fast-check";
import { expect, test } from "vitest";
import type { FluxEvent } from "../../shared/flux/schema.ts";
import { isOutrunByEvents, mergeEvents } from "./use-events.ts";

function event(sequence: number): FluxEvent {
  return {
    sequence,
    connectionId: "flux",
    daemonId: "shop",
    receivedAt: new Date(sequence * 1_000).toISOString(),
    type: "sync",
    severity: "good",
    summary: "",
    workloads: [],
    revisions: [],
    errors: [],
  };
}

test("pages and what has come since are one list without doubles, newest first", () => {
  const sequences = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(sequences, sequences, (logged, live) => {
      const merged = mergeEvents(logged.map(event), live.map(event)).map(({ sequence }) => sequence);
      expect(merged).toEqual([...new Set([...logged, ...live])].sort((left, right) => right - left));
    }),
  );
});

test("the log is read again before the live topic drops what no page holds", () => {
  const live = (count: number) => Array.from({ length: count }, (_, at) => event(1_001 + at));
  expect(isOutrunByEvents([event(1_000)], live(399))).toBe(false);
  expect(isOutrunByEvents([event(1_000)], live(400))).toBe(true);
});
