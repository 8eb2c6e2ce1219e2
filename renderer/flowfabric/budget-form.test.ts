import { expect, test } from "vitest";
import { budgetOf, problemsOf } from "./budget-form.ts";

const tokens = { name: " tokens ", hardLimit: 1_000, softLimit: "" };
const values = {
  scopeType: "namespace",
  scopeId: "acme",
  enforcementMode: "strict",
  onHardLimit: "fail",
  onSoftLimit: "warn",
  resetHours: 24,
  dimensions: [tokens],
};

test("an empty limit is none, and hours become milliseconds", () => {
  expect(budgetOf(values)).toMatchObject({
    resetIntervalMs: 86_400_000,
    dimensions: [{ name: "tokens", hardLimit: 1_000, softLimit: 0 }],
  });
});

test.each([
  ["a word is missing", { onHardLimit: " " }],
  ["a dimension has no name", { dimensions: [{ ...tokens, name: "" }] }],
  [
    "a limit is beyond what a number holds exactly",
    { dimensions: [{ ...tokens, hardLimit: "9007199254740993" }] },
  ],
  ["a dimension is there twice", { dimensions: [tokens, tokens] }],
])("nothing can be sent while %s", (_name, wrong) => {
  expect(budgetOf({ ...values, ...wrong })).toBeUndefined();
});

test("says what is wrong with a dimension", () => {
  const soft = { name: "calls", hardLimit: 10, softLimit: 20 };
  expect(
    problemsOf([tokens, { ...tokens, name: "tokens" }, { ...tokens, name: "x", hardLimit: 0 }, soft]),
  ).toEqual([undefined, "is there already", "limits nothing yet", "the soft limit is beyond the hard one"]);
});
