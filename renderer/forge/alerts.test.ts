import { expect, test } from "vitest";
import type { QueueRow } from "../../shared/forge/schema.ts";
import { alertsOf } from "./use-queues.ts";

const queue: QueueRow = {
  name: "q",
  paused: false,
  maxWorkers: 1,
  counts: { pending: 5, scheduled: 0, inProgress: 0, done: 0, failed: 2, dead: 7 },
  processes: [],
  retainDoneDays: 7,
  retainDeadDays: 30,
  backoff: { enabled: false, baseSeconds: 60, maxSeconds: 1_800 },
  lagSeconds: 90,
  readAt: "2026-07-01T00:00:00Z",
};

test("a queue is marked from its thresholds on, and only by those that are set", () => {
  expect(alertsOf(queue, {})).toEqual([]);
  expect(alertsOf(queue, { lagSeconds: 90, pending: 6, failed: 2, dead: 7 })).toEqual([
    "oldest ready job waits 1 min 30 s",
    "2 failed",
    "7 dead",
  ]);
  expect(alertsOf(queue, { pending: 0, lagSeconds: 91 })).toEqual([]);
});
