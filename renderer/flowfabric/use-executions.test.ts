import { expect, test } from "vitest";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import { longestUnread, withNewer } from "./use-executions.ts";

function row(id: string, level: ExecutionRow["diagnosis"]["level"], lane = "listed"): ExecutionRow {
  return { id, lane, diagnosis: { level, summary: "", advice: "", actions: [] } } as unknown as ExecutionRow;
}

test("what was read after the list takes its place, and what is gone leaves it", () => {
  const rows = [row("a", "fine"), row("b", "fine"), row("c", "fine"), row("d", "fine")];
  const newer = new Map([
    ["a", { at: 20, row: row("a", "over", "alone") }],
    ["b", { at: 20, row: undefined }],
    ["c", { at: 5, row: row("c", "over", "alone") }],
  ]);
  expect(withNewer(rows, 10, newer)).toMatchObject([
    { id: "a", lane: "alone" },
    { id: "c", lane: "listed" },
    { id: "d", lane: "listed" },
  ]);
});

test("of those in view the one that was not read for longest is next, unless it is over", () => {
  const rows = [row("a", "fine"), row("b", "over"), row("c", "stuck")];
  expect(longestUnread(rows, new Map())).toBe("a");
  const known = new Map([["a", { at: 10, row: undefined }]]);
  expect(longestUnread(rows, known)).toBe("c");
  expect(longestUnread(rows, new Map([...known, ["c", { at: 20, row: undefined }]]))).toBe("a");
  expect(longestUnread([row("b", "over")], known)).toBeUndefined();
});
