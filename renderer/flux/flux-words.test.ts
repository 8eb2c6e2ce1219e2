import { expect, test } from "vitest";
import { policyNames } from "./flux-words.ts";

const workload = { automated: false, locked: false, ignored: false };

test.each([
  [{ ...workload, ignored: true, policies: { ignore: "true" } }, ["ignored"]],
  [{ ...workload, policies: { ignore: "sync_only" } }, ["not collected"]],
  [{ ...workload, policies: {} }, []],
])("%j has the marks %j", (row, names) => {
  expect(policyNames(row)).toEqual(names);
});
