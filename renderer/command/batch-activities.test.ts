import fc from "fast-check";
import { expect, test } from "vitest";
import type { Activity, ActivityState } from "../../shared/contract/index.ts";
import { isOutOfSight, withNewer } from "./use-batch-activities.ts";

function activity(id: string, second: number, state: ActivityState = "acknowledged"): Activity {
  const at = (offset: number) => new Date(offset * 1_000).toISOString();
  const common = { operation: "lattice.components.scale", title: "", message: "", connectionId: "c" };
  const kept = { actor: "ada", transport: "ipc" as const, input: {}, evidence: [], steps: [] };
  return { id, state, ...common, ...kept, startedAt: at(0), updatedAt: at(second) };
}

test("keeps of each the newest that was ever seen, in whatever order it is told", () => {
  const rows = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 50 })));
  fc.assert(
    fc.property(fc.array(rows), (tellings) => {
      const told = tellings.map((some) => some.map(([id, second]) => activity(id, second)));
      const known = told.reduce(withNewer, new Map<string, Activity>());
      for (const { id, updatedAt } of told.flat()) {
        expect((known.get(id)?.updatedAt ?? "") >= updatedAt).toBe(true);
      }
    }),
  );
});

test("is the same map where nothing new is told, so that nothing is drawn again", () => {
  const known = new Map([["a", activity("a", 5)]]);
  expect(withNewer(known, [activity("a", 5), activity("a", 4)])).toBe(known);
});

test("asks the log about what the live topic has dropped before its end, and only about that", () => {
  const live = Array.from({ length: 500 }, (_unused, index) => activity(`live${index}`, 1));
  const ids = ["old", ...live.map(({ id }) => id)];
  const knowing = (state: ActivityState) => withNewer(new Map(), [activity("old", 1, state)]);
  expect(isOutOfSight(ids, knowing("acknowledged"), live)).toBe(true);
  expect(isOutOfSight(ids, knowing("confirmed"), live)).toBe(true);
  expect(isOutOfSight(ids, new Map(), live)).toBe(true);
  expect(isOutOfSight(ids, knowing("verified"), live)).toBe(false);
  // An unknown one goes on only when somebody reconciles it, and that the live topic tells.
  expect(isOutOfSight(ids, knowing("unknown"), live)).toBe(false);
  expect(isOutOfSight(ids.slice(1), new Map(), live)).toBe(false);
});
