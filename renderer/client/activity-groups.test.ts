import { expect, test } from "vitest";
import { type Activity, type ActivityState, activitySchema } from "../../shared/contract/index.ts";
import { runningGroups } from "./activity-groups.ts";

const now = Date.parse("2026-11-23T10:00:00.000Z");

function activity(id: string, state: ActivityState, more: Partial<Activity> = {}): Activity {
  const at = new Date(now - 1_000).toISOString();
  return activitySchema.parse({
    id,
    operation: "lattice.components.scale",
    title: "Scale cart to 120",
    state,
    message: "",
    connectionId: "c",
    target: { kind: "component", id: "cart", label: "cart", hostId: `N${id}`, hostName: `host-${id}` },
    actor: "me",
    transport: "ipc",
    input: {},
    evidence: [],
    steps: [],
    startedAt: at,
    updatedAt: at,
    ...more,
  });
}

test("one bulk command is one line with its counts", () => {
  const groups = runningGroups(
    [
      ...["1", "2", "3"].map((id) => activity(id, "verified", { batch: "b" })),
      activity("4", "acknowledged", { batch: "b" }),
      activity("5", "unknown", { batch: "b" }),
    ],
    now,
  );
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({
    title: "Scale cart to 120 on 5 hosts",
    counts: [
      { state: "verified", count: 3 },
      { state: "acknowledged", count: 1 },
      { state: "unknown", count: 1 },
    ],
  });
});

test("what ended a while ago is not shown, what runs stays however long it takes", () => {
  const long = new Date(now - 3_600_000).toISOString();
  const groups = runningGroups(
    [
      activity("1", "verified", { updatedAt: long, startedAt: long }),
      activity("2", "acknowledged", { updatedAt: long, startedAt: long }),
    ],
    now,
  );
  expect(groups.map((group) => group.key)).toEqual(["2"]);
  expect(groups[0]?.title).toBe("Scale cart to 120 on host-2");
});
