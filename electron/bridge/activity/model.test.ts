import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mayMove } from "../../../shared/contract/index.ts";
import { systemClock } from "../../upstream/clock.ts";
import { ActivityEngine } from "./engine.ts";
import { actions, Scenario, type Shape } from "./testing/scenario.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const shapes: fc.Arbitrary<Shape> = fc.record({
  watchable: fc.boolean(),
  readable: fc.boolean(),
  verifyWhenOver: fc.boolean(),
  failsFrom: fc.integer({ min: -1, max: 4 }),
});

const newScenario = (shape: Shape): Scenario =>
  new Scenario({ ...shape }, (parts) => new ActivityEngine({ clock: systemClock, ...parts }));

it("whatever happens in whatever order, an activity comes to one end, and nothing is left of it", async () => {
  const interleavings = fc.array(fc.constantFrom(...actions), { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(shapes, interleavings, async (shape, steps) => {
      const scenario = newScenario(shape);
      try {
        await scenario.begin();
        for (const action of steps) {
          await scenario.perform(action);
          expect(scenario.problem).toBeUndefined();
        }
        await scenario.end();
        expect(scenario.problem).toBeUndefined();
        expect({ watches: scenario.watches, timers: vi.getTimerCount() }).toEqual({ watches: 0, timers: 0 });
        expect(scenario.answered).toBe(scenario.asked);
        expect(scenario.records.at(-1)).toEqual(structuredClone(scenario.memory));
        expect(scenario.restorals).toBe(scenario.outages);
        for (const [one, other] of await Promise.all(scenario.pairs)) expect(one).toEqual(other);
        expectLegalMoves(scenario);
      } finally {
        scenario.close();
        vi.clearAllTimers();
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);

function expectLegalMoves({ records }: Scenario): void {
  const states = records.at(-1)?.steps.map(({ state }) => state) ?? [];
  for (const [index, state] of states.slice(1).entries()) {
    const from = states[index] ?? "recorded";
    expect(mayMove(from, state, { proof: true }), `${from} -> ${state}`).toBe(true);
  }
}
