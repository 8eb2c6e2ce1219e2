import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Acknowledgement,
  type CommandExecution,
  Failure,
  type Finding,
  type Verdict,
} from "../../../shared/contract/index.ts";
import { ActivityLog } from "../../storage/activity-log.ts";
import { openDatabase } from "../../storage/database.ts";
import { consoleMigrations } from "../../storage/migrations/index.ts";
import { systemClock } from "../../upstream/clock.ts";
import { ActivityEngine } from "./engine.ts";
import type { Intent } from "./steps.ts";

const evidence = { at: "2026-01-01T00:00:00.000Z", kind: "event" as const, summary: "seen" };
const confirmed: Finding = { verdict: "confirmed", message: "the event came", evidence };
const verified: Verdict = { verdict: "verified", message: "the read agrees", evidence };

let directory: string;
let database: ReturnType<typeof openDatabase>;
let log: ActivityLog;
let engine: ActivityEngine;
let report: (finding: Finding) => void;
let answer: () => Promise<Acknowledgement>;
let verdict: () => Promise<Verdict>;
let prepared: CommandExecution;

const intent: Intent = {
  operation: "lattice.components.scale",
  title: "Scale cart to 3",
  input: { connectionId: "here", componentId: "cart" },
  options: { reason: "more load", batch: "b1" },
  context: { transport: "http", actor: "ada", scope: "change" },
};

function newEngine(): ActivityEngine {
  return new ActivityEngine({
    journal: {
      append: (activity) => log.append(activity),
      get: (id) => log.get(id),
      unsettled: () => log.unsettled(),
      newest: (limit) => log.list({ limit }),
    },
    clock: systemClock,
    prepareAgain: async () => prepared,
    onJournalError: () => undefined,
    lateEvidenceMs: 60_000,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z") });
  directory = mkdtempSync(join(tmpdir(), "switchyard-activity-"));
  database = openDatabase(join(directory, "test.db"), { migrations: consoleMigrations, durable: true });
  log = new ActivityLog(database);
  engine = newEngine();
  answer = async () => ({ accepted: true, message: "", reply: { success: true } });
  verdict = async () => verified;
  prepared = {
    target: { kind: "component", id: "cart", label: "cart on quiet-river" },
    request: { protocol: "nats", address: "wasmbus.ctl.v1.default.component.scale.N", payload: { count: 3 } },
    send: () => answer(),
    evidence: {
      waitMs: 10_000,
      watch: (listener) => {
        report = listener;
        return () => {
          report = () => undefined;
        };
      },
    },
    verify: () => verdict(),
  };
});

afterEach(() => {
  engine.close();
  database.close();
  rmSync(directory, { recursive: true, force: true });
  vi.useRealTimers();
});

const run = () => engine.run(intent, async () => prepared);
const states = (id: string) => log.get(id)?.steps.map((step) => step.state);

describe("the life of a command", () => {
  it("is on disk before the first byte leaves", async () => {
    let onDisk: string[] | undefined;
    answer = async () => {
      onDisk = log.list({ limit: 1 })[0]?.steps.map((step) => step.state);
      return { accepted: true, message: "", reply: null };
    };
    await run();
    expect(onDisk).toEqual(["recorded", "sent"]);
  });

  it("answers at the acknowledgement and goes on to verified with both durations", async () => {
    answer = async () => {
      vi.advanceTimersByTime(40);
      return { accepted: true, message: "", reply: { success: true } };
    };
    const activity = await run();
    expect(activity).toMatchObject({
      state: "acknowledged",
      acknowledgedAfterMs: 40,
      reason: "more load",
      batch: "b1",
      actor: "ada",
    });
    vi.advanceTimersByTime(160);
    report(confirmed);
    await vi.waitFor(() => expect(log.get(activity.id)?.state).toBe("verified"));
    expect(log.get(activity.id)).toMatchObject({ confirmedAfterMs: 200, message: "the read agrees" });
    expect(states(activity.id)).toEqual(["recorded", "sent", "acknowledged", "confirmed", "verified"]);
  });

  it("keeps evidence that arrives before the acknowledgement", async () => {
    answer = async () => {
      report(confirmed);
      return { accepted: true, message: "", reply: null };
    };
    const { id } = await run();
    await vi.waitFor(() => expect(log.get(id)?.state).toBe("verified"));
  });

  it("a read with the far side's own word that it failed turns confirmed into failed", async () => {
    verdict = async () => ({ verdict: "failed", proof: true, message: "the inventory shows 2", evidence });
    const { id } = await run();
    report(confirmed);
    await vi.waitFor(() =>
      expect(log.get(id)).toMatchObject({ state: "failed", message: "the inventory shows 2" }),
    );
  });

  it("a read that does not succeed leaves it confirmed and says so", async () => {
    verdict = async () => {
      throw new Failure({ code: "timeout", message: "The host did not answer." });
    };
    const { id } = await run();
    report(confirmed);
    // It is tried again until the waiting time is over.
    await vi.advanceTimersByTimeAsync(15_000);
    await vi.waitFor(() => expect(log.get(id)?.message).toContain("The host did not answer."));
    expect(log.get(id)?.state).toBe("confirmed");
  });

  it("a failure event fails it with its reason", async () => {
    const { id } = await run();
    report({ verdict: "failed", message: "no such image", evidence });
    expect(log.get(id)).toMatchObject({ state: "failed", message: "no such image" });
  });

  it("no evidence in time is unknown, and late evidence moves it on", async () => {
    const { id } = await run();
    vi.advanceTimersByTime(10_000);
    expect(log.get(id)?.state).toBe("unknown");
    vi.advanceTimersByTime(30_000);
    report(confirmed);
    await vi.waitFor(() => expect(log.get(id)?.state).toBe("verified"));
  });

  it("reconcile settles an unknown by reading", async () => {
    const { id } = await run();
    vi.advanceTimersByTime(10_000);
    expect((await engine.reconcile(id)).state).toBe("verified");
    await expect(engine.reconcile(id)).rejects.toMatchObject({ code: "conflict" });
  });

  it("reconcile that cannot read leaves it unknown with the reason", async () => {
    verdict = async () => {
      throw new Failure({ code: "unreachable", message: "Not connected." });
    };
    const { id } = await run();
    vi.advanceTimersByTime(10_000);
    expect(await engine.reconcile(id)).toMatchObject({
      state: "unknown",
      message: expect.stringContaining("Not connected."),
    });
  });
});

describe("what the far side did not accept", () => {
  it("a refusal is a failure with the raw text and its activity", async () => {
    answer = async () => ({
      accepted: false,
      message: "component cart not found",
      reply: { success: false },
    });
    const failure: Failure = await run().catch((error) => error);
    expect(failure).toMatchObject({ code: "upstream_refused", upstream: "component cart not found" });
    expect(log.get(String(failure.details?.activityId))?.state).toBe("refused");
  });

  it("no reply is unknown: it may have been received", async () => {
    answer = async () => {
      throw new Failure({ code: "timeout", message: "No reply within 2 s." });
    };
    const failure: Failure = await run().catch((error) => error);
    expect(failure.code).toBe("timeout");
    const id = String(failure.details?.activityId);
    expect(log.get(id)?.state).toBe("unknown");
    report(confirmed);
    await vi.waitFor(() => expect(log.get(id)?.state).toBe("verified"));
  });

  it("nobody there to receive it is failed, not unknown", async () => {
    answer = async () => {
      throw new Failure({ code: "not_found", message: "No such host.", details: { delivered: false } });
    };
    const failure: Failure = await run().catch((error) => error);
    expect(log.get(String(failure.details?.activityId))?.state).toBe("failed");
  });

  it("a command that cannot be prepared is recorded as not sent", async () => {
    const failure: Failure = await engine
      .run(intent, async () => {
        throw new Failure({ code: "unreachable", message: "Not connected." });
      })
      .catch((error) => error);
    expect(log.get(String(failure.details?.activityId))).toMatchObject({
      state: "failed",
      message: "Not sent: Not connected.",
    });
  });
});

describe("after a crash", () => {
  it("what was under way becomes unknown, what was never sent failed, and reconcile settles it", async () => {
    const { id } = await run();
    engine.close();
    engine = newEngine();
    expect(engine.recover()).toBe(1);
    expect(log.get(id)).toMatchObject({
      state: "unknown",
      message: expect.stringContaining("may have happened"),
    });
    expect((await engine.reconcile(id)).state).toBe("verified");
  });

  it("a reading refutes nothing while the far side may still be at work", async () => {
    const { id } = await run();
    engine.close();
    engine = newEngine();
    engine.recover();
    verdict = async () => ({ verdict: "failed", message: "the old one runs", evidence });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await engine.reconcile(id)).toMatchObject({
      state: "unknown",
      message: expect.stringContaining("may still be under way for 6 s"),
    });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await engine.reconcile(id)).toMatchObject({ state: "failed", message: "the old one runs" });
  });

  it("a command is not sent when it cannot be recorded", async () => {
    database.close();
    let sent = false;
    answer = async () => {
      sent = true;
      return { accepted: true, message: "", reply: null };
    };
    await expect(run()).rejects.toMatchObject({ code: "internal" });
    expect(sent).toBe(false);
    database = openDatabase(join(directory, "other.db"), { migrations: consoleMigrations, durable: true });
  });
});

describe("a command whose failure nothing announces", () => {
  beforeEach(() => {
    if (prepared.evidence) prepared.evidence.verifyWhenOver = true;
  });

  it("is settled by a reading when the wait is over", async () => {
    verdict = async () => ({ verdict: "failed", message: "the old one runs", evidence });
    const { id } = await run();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log.get(id)).toMatchObject({ state: "failed", message: "the old one runs" });
  });

  it("becomes unknown where the reading fails, and late evidence still counts", async () => {
    verdict = async () => Promise.reject(new Failure({ code: "timeout", message: "no answer" }));
    const { id } = await run();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log.get(id)).toMatchObject({ state: "unknown", message: expect.stringMatching(/no answer/) });
    verdict = async () => verified;
    report(confirmed);
    await vi.waitFor(() => expect(log.get(id)?.state).toBe("verified"));
  });

  it("is not called failed by a reading that an event overtook", async () => {
    let say: (verdict: Verdict) => void = () => undefined;
    verdict = () => new Promise((resolve) => (say = resolve));
    const { id } = await run();
    await vi.advanceTimersByTimeAsync(10_000);
    const late = say;
    verdict = async () => verified;
    report(confirmed);
    late({ verdict: "failed", message: "the old one runs", evidence });
    await vi.waitFor(() => expect(log.get(id)?.state).toBe("verified"));
  });
});

it("a command that leaves nothing to read says so when it is to be reconciled", async () => {
  prepared = { target: prepared.target, request: prepared.request, send: () => answer() };
  const { id } = await run();
  await vi.advanceTimersByTimeAsync(1);
  expect(log.get(id)).toMatchObject({ state: "unknown", message: expect.stringMatching(/[Nn]othing tells/) });
  await expect(engine.reconcile(id)).rejects.toMatchObject({ code: "conflict" });
});
