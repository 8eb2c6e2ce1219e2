import { describe, expect, it } from "vitest";
import type { Activity, ActivityRecord } from "../../shared/contract/activity.ts";
import { canonicalJson } from "../../shared/contract/canonical.ts";
import { chainStart, recordHash } from "./activity-chain.ts";
import { checkExport } from "./activity-check.ts";

const activity = (title: string): Activity => ({
  id: "a",
  operation: "lattice.components.scale",
  title,
  state: "recorded",
  message: "",
  connectionId: "here",
  actor: "ada",
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  startedAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
});

function exported(titles: string[]): string[] {
  let previousHash = chainStart;
  return titles.map((title, index) => {
    const hash = recordHash(previousHash, canonicalJson(activity(title)));
    const record: ActivityRecord = { sequence: index + 1, activity: activity(title), previousHash, hash };
    previousHash = hash;
    return JSON.stringify(record);
  });
}

describe("an exported log", () => {
  const lines = exported(["one", "two", "three"]);

  it("that is whole is fine, also with other line ends or none at the end", () => {
    expect(checkExport(`${lines.join("\n")}\n`)).toMatchObject({ ok: true, count: 3 });
    expect(checkExport(lines.join("\r\n"))).toMatchObject({ ok: true, count: 3 });
    expect(checkExport("")).toMatchObject({ ok: true, count: 0 });
  });

  it.each([
    ["a changed word", [lines[0], lines[1]?.replace("two", "too"), lines[2]], 2],
    ["an added field", [lines[0]?.replace('"actor"', '"added":1,"actor"'), lines[1], lines[2]], 1],
    ["a missing line", [lines[0], lines[2]], 3],
    ["a moved line", [lines[1], lines[0], lines[2]], 2],
    ["a broken line", [lines[0], lines[1]?.slice(0, 40), lines[2]], 2],
    ["something else", [lines[0], "{}"], 2],
  ])("with %s is not", (_what, changed, sequence) => {
    expect(checkExport(changed.join("\n"))).toMatchObject({ ok: false, sequence });
  });
});
