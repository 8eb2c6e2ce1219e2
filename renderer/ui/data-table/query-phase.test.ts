import { expect, it } from "vitest";
import { queryPhase } from "./query-phase.ts";

const answered = { data: [], error: null, isPlaceholderData: false };

it.each([
  ["an answer is ready", answered, true, "ready"],
  [
    "the rows of a former question are no answer yet",
    { ...answered, isPlaceholderData: true },
    true,
    "loading",
  ],
  ["no answer is awaited", { ...answered, data: undefined }, true, "loading"],
  ["no answer, and none to come, failed", { ...answered, data: undefined, error: "no" }, true, "failed"],
  ["an answer that could not be read again is stale", { ...answered, error: "no" }, true, "stale"],
  ["a closed connection makes it stale", { ...answered, isPlaceholderData: true }, false, "stale"],
])("%s", (_name, answer, isOpen, phase) => {
  expect(queryPhase(answer, isOpen)).toBe(phase);
});
