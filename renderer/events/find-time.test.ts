import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSequenceAfter, type Probe } from "./event-actions.ts";

describe("findSequenceAfter", () => {
  it("finds the place of a time among events with holes in their sequences", async () => {
    const logs = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 0, max: 900 }), async (numbers, time) => {
        const events = numbers.sort((a, b) => a - b).map((sequence) => ({ sequence, time: sequence * 2 }));
        const probe: Probe = async (before) => events.filter(({ sequence }) => sequence < before).at(-1);
        const range = { oldest: events[0]!.sequence, newest: events.at(-1)!.sequence };
        const found = await findSequenceAfter(time, range, probe);
        const below = events.filter(({ sequence }) => sequence < found);
        expect(below).toEqual(events.filter((event) => event.time <= time));
      }),
    );
  });
});
