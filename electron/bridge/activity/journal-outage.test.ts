import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Activity, CommandExecution, Finding } from "../../../shared/contract/index.ts";
import { ActivityLog } from "../../storage/activity-log.ts";
import { type Database, openDatabase } from "../../storage/database.ts";
import { consoleMigrations } from "../../storage/migrations/index.ts";
import { systemClock } from "../../upstream/clock.ts";
import { ActivityEngine } from "./engine.ts";
import { intent } from "./testing/scenario.ts";

let directory: string;
let database: Database;
let log: ActivityLog;
let engine: ActivityEngine;
let told: string[];
let sends: number;
let watches: number;
let report: (finding: Finding) => void;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
  directory = mkdtempSync(join(tmpdir(), "switchyard-outage-"));
  database = openDatabase(join(directory, "test.db"), { migrations: consoleMigrations, durable: true });
  log = new ActivityLog(database);
  told = [];
  sends = 0;
  watches = 0;
  engine = new ActivityEngine({
    clock: systemClock,
    journal: {
      append: (activity) => log.append(activity),
      get: (id) => log.get(id),
      unsettled: () => log.unsettled(),
      newest: (limit) => log.list({ limit }),
    },
    prepareAgain: async () => execution,
    onJournalError: () => told.push("outage"),
    onJournalRestored: () => told.push("restored"),
  });
});
afterEach(() => {
  engine.close();
  database.close();
  rmSync(directory, { recursive: true, force: true });
  vi.useRealTimers();
});

const execution: CommandExecution = {
  target: { kind: "component", id: "cart", label: "cart" },
  request: { protocol: "nats", address: "scale" },
  send: async () => {
    sends++;
    return { accepted: true, message: "", reply: null };
  },
  evidence: {
    waitMs: 10_000,
    watch: (listener) => {
      watches++;
      report = listener;
      return () => {
        watches--;
      };
    },
  },
};

/** As a full disk does it: nothing can be added, and all that is there can be read. */
function fillDisk(): void {
  database.execute("PRAGMA query_only = 1");
}

function freeDisk(): void {
  database.execute("PRAGMA query_only = 0");
}

const states = (activity: Activity | undefined) => activity?.steps.map(({ state }) => state).join(" ");

it("what cannot be recorded as sent is not sent, and ends as failed as soon as that can be written", async () => {
  const failure = await engine
    .run(intent, async () => {
      fillDisk();
      return execution;
    })
    .catch((error) => error);
  expect(failure).toMatchObject({ code: "internal", details: { state: "failed" } });
  const id = String(failure.details.activityId);
  expect({ sends, watches }).toEqual({ sends: 0, watches: 0 });
  expect(log.get(id)?.state).toBe("recorded");
  expect(states(engine.snapshot()[0])).toBe("recorded failed");
  expect(told).toEqual(["outage"]);
  freeDisk();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(log.get(id)).toMatchObject({ state: "failed", message: expect.stringMatching(/^Not sent: /) });
  expect(told).toEqual(["outage", "restored"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("what happens while nothing can be written is kept, told once, and written in order", async () => {
  const { id } = await engine.run(intent, async () => execution);
  fillDisk();
  await vi.advanceTimersByTimeAsync(10_000);
  report({
    verdict: "confirmed",
    message: "seen",
    evidence: { at: "2026-01-01T00:00:00Z", kind: "event", summary: "" },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.get(id)?.state).toBe("acknowledged");
  expect(states(engine.snapshot()[0])).toBe("recorded sent acknowledged unknown confirmed");
  await expect(engine.run(intent, async () => execution)).rejects.toMatchObject({ code: "internal" });
  expect({ sends, told }).toEqual({ sends: 1, told: ["outage"] });
  freeDisk();
  await engine.run(intent, async () => execution);
  expect(log.records(id).map(({ activity }) => activity.state)).toEqual([
    "recorded",
    "sent",
    "acknowledged",
    "unknown",
    "confirmed",
  ]);
  expect(told).toEqual(["outage", "restored"]);
});

it("what is still unwritten when the console closes is tried once more", async () => {
  const { id } = await engine.run(intent, async () => execution);
  fillDisk();
  await vi.advanceTimersByTimeAsync(10_000);
  freeDisk();
  engine.close();
  expect(log.get(id)?.state).toBe("unknown");
  expect(vi.getTimerCount()).toBe(0);
});
