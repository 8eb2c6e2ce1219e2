import fc from "fast-check";
import { expect, test } from "vitest";
import type { Activity, ActivityState } from "../../shared/contract/index.ts";
import { isOutrun, mergeActivities } from "./merge-activities.ts";

const instant = (second: number) => new Date(second * 1_000).toISOString();

function activity(
  id: string,
  begun: number,
  more: { state?: ActivityState; changed?: number } = {},
): Activity {
  return {
    id,
    operation: "lattice.components.scale",
    title: id,
    state: more.state ?? "verified",
    message: "",
    connectionId: "c",
    actor: "ada",
    transport: "ipc",
    input: {},
    evidence: [],
    steps: [],
    startedAt: instant(begun),
    updatedAt: instant(more.changed ?? begun),
  };
}

const any = () => true;

test("shows of each the newest state that is known, from wherever it comes", () => {
  const logged = [activity("b", 2, { state: "verified", changed: 9 }), activity("a", 1, { state: "sent" })];
  const live = [
    activity("a", 1, { state: "failed", changed: 5 }),
    activity("b", 2, { state: "sent", changed: 3 }),
  ];
  const states = mergeActivities(logged, live, any).map(({ id, state }) => [id, state]);
  expect(states).toEqual([
    ["b", "verified"],
    ["a", "failed"],
  ]);
});

test("takes out what does not fit any more", () => {
  const logged = [activity("a", 1, { state: "unknown" })];
  const live = [activity("a", 1, { state: "verified", changed: 5 })];
  expect(mergeActivities(logged, live, ({ state }) => state === "unknown")).toEqual([]);
});

test("is newest first and without doubles, whatever comes from where", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9 })));
  const made = rows.map((all) =>
    all.map(([id, changed]) => activity(`id${id}`, id % 7, { changed: 10 + changed })),
  );
  fc.assert(
    fc.property(made, made, (logged, live) => {
      const merged = mergeActivities(logged, live, any);
      expect(new Set(merged.map(({ id }) => id)).size).toBe(merged.length);
      expect(new Set(merged.map(({ id }) => id))).toEqual(new Set([...logged, ...live].map(({ id }) => id)));
      for (const [index, row] of merged.entries()) {
        const before = merged[index - 1];
        if (before) expect(before.startedAt >= row.startedAt).toBe(true);
      }
    }),
  );
});

test("the log is read again before the live topic drops what no page holds", () => {
  const live = Array.from({ length: 500 }, (_unused, index) => activity(`id${index}`, 100 + index));
  expect(isOutrun(99_000, live)).toBe(true);
  expect(isOutrun(400_000, live)).toBe(false);
});
