import { expect, test } from "vitest";
import type { ActivityState } from "../../shared/contract/index.ts";
import { pipsOf } from "./activity-pips.tsx";

const marks = (...states: ActivityState[]) =>
  pipsOf({
    state: states.at(-1) as ActivityState,
    steps: states.map((state) => ({ state, at: "2026-11-23T00:00:00.000Z" })),
  }).map((pip) => pip.mark);

test.each<[ActivityState[], string[]]>([
  [["recorded"], ["ring", "ring", "ring", "ring"]],
  [
    ["recorded", "sent"],
    ["half", "ring", "ring", "ring"],
  ],
  [
    ["recorded", "sent", "acknowledged"],
    ["full", "half", "ring", "ring"],
  ],
  [
    ["recorded", "sent", "acknowledged", "confirmed"],
    ["full", "full", "full", "ring"],
  ],
  [
    ["recorded", "sent", "acknowledged", "confirmed", "verified"],
    ["full", "full", "full", "full"],
  ],
  [
    ["recorded", "sent", "acknowledged", "unknown"],
    ["full", "full", "hatched", "ring"],
  ],
  [
    ["recorded", "sent", "acknowledged", "unknown", "verified"],
    ["full", "full", "full", "full"],
  ],
  [
    ["recorded", "sent", "refused"],
    ["full", "cross", "ring", "ring"],
  ],
  [
    ["recorded", "failed"],
    ["cross", "ring", "ring", "ring"],
  ],
])("%j", (states, expected) => {
  expect(marks(...states)).toEqual(expected);
});
