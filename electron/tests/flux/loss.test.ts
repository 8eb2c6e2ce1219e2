import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import type { Activity } from "../../../shared/contract/index.ts";
import { openActivityLog } from "../../storage/activity-key.ts";
import { openDatabase } from "../../storage/database.ts";
import { consoleMigrations } from "../../storage/migrations/index.ts";
import { checkout, FluxUnderTest, image, releaseOf } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

beforeEach(async () => {
  here = await FluxUnderTest.start();
  daemon = await here.daemon("shop", { jobMs: 150 });
});
afterEach(() => here.close());

async function started(tag: string): Promise<Activity> {
  return here.output("flux.release", releaseOf(tag)) as Promise<Activity>;
}

describe("a connection that is lost", () => {
  it("while a job runs is a pause: it is followed to its end when the daemon is back", async () => {
    const { id } = await started("2.5.0");
    daemon.disconnect();
    const activity = await here.reaches(id, "verified");
    expect(activity.steps.map(({ state }) => state)).toContain("confirmed");
  });

  it("before the answer leaves the outcome unknown, until the commit tells", async () => {
    daemon.faults.add({ kind: "drop", on: "UpdateManifests", count: 1 });
    const { failure, activity } = await here.leftBehind("flux.release", releaseOf("2.5.0"));
    expect(failure).toMatchObject({
      code: "unreachable",
      message: "The connection to shop was lost during the call.",
    });
    expect(activity.message).toContain("It may have been received");
    await here.reaches(activity.id, "verified");
  });

  it("before the daemon has read the request leaves it unknown, and a reconcile says what runs", async () => {
    daemon.faults.add({ kind: "drop-before", on: "UpdateManifests", count: 1 });
    const { activity } = await here.leftBehind("flux.release", releaseOf("2.5.0"));
    expect(activity.state).toBe("unknown");
    await here.isRead("shop");
    // It is read without being asked, as soon as the daemon is back.
    await vi.waitFor(async () =>
      expect((await here.activity(activity.id)).message).toContain(`runs ${image}:2.4.1`),
    );
    const settled = (await here.output("activity.reconcile", { activityId: activity.id })) as Activity;
    expect(settled).toMatchObject({
      state: "unknown",
      message: expect.stringContaining(`runs ${image}:2.4.1`),
    });
    await here.settles("flux.release", releaseOf("2.5.0"), "verified");
    const after = (await here.output("activity.reconcile", { activityId: activity.id })) as Activity;
    expect(after.state).toBe("verified");
  });

  it("before anything is sent is a plain failure", async () => {
    daemon.stop();
    await vi.waitFor(async () =>
      expect((await here.output("flux.daemons.list"))[0]?.status).toBe("disconnected"),
    );
    const { failure, activity } = await here.leftBehind("flux.release", releaseOf("2.5.0"));
    expect(failure).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("Cannot contact the Flux daemon shop"),
    });
    expect(activity.state).toBe("failed");
    expect((await here.failure("flux.workloads.list", { daemonId: "shop" })).code).toBe("unreachable");
  });
});

describe("a console that ends while a job runs", () => {
  it("follows it to its end by itself, when it and the daemon are back", async () => {
    await here.close();
    here = await FluxUnderTest.start();
    daemon = await here.daemon("shop", { jobMs: 1_500 });
    const { id } = await started("2.5.0");
    await here.restart();
    expect((await here.activity(id)).state).toBe("unknown");
    await here.output("connections.open");
    const activity = await here.reaches(id, "verified");
    expect(activity.message).toContain("is applied");
    expect(activity.steps.map(({ state }) => state)).toContain("confirmed");
  });

  it("and before a pushed commit is applied, still sees it applied", async () => {
    await here.close();
    here = await FluxUnderTest.start();
    daemon = await here.daemon("shop", { jobMs: 20, syncMs: 1_500 });
    const { id } = await started("2.5.0");
    await here.reaches(id, "confirmed");
    await here.reopen();
    await here.reaches(id, "verified");
  });

  it("finds the job of a daemon that was restarted too, if it pushed a commit; else it says that nobody knows", async () => {
    await here.close();
    here = await FluxUnderTest.start();
    // It comes back later than its jobs end.
    daemon = await here.daemon("shop", { jobMs: 300, redialMs: 2_500 });
    const [released, failed] = [await started("2.5.0"), await started("9.9")];
    await here.reopen();
    await vi.waitFor(() => expect(daemon.state.workloads[0]?.containers[0]?.running).toBe(`${image}:2.5.0`));
    await vi.waitFor(() => expect(daemon.jobs.memory.get(jobIdOf(failed))?.StatusString).toBe("failed"));
    daemon.jobs.memory.forget();
    await here.reaches(released.id, "verified");
    await vi.waitFor(async () =>
      expect((await here.activity(failed.id)).message).toContain("does not know the job any more"),
    );
    expect((await here.activity(failed.id)).state).toBe("unknown");
  });
});

/** While no console runs: as one may have recorded it that took any text for an author. */
function recordAuthor(id: string, user: string): void {
  const file = join(here.directory, "switchyard.db");
  const database = openDatabase(file, { migrations: consoleMigrations, durable: true });
  try {
    const log = openActivityLog(database, join(here.directory, "activity.key"), []);
    const activity = log.get(id) as Activity;
    expect(activity.state).toBe("acknowledged");
    log.append({ ...activity, input: { ...activity.input, user } });
  } finally {
    database.close();
  }
}

describe("a change that was recorded when any text could be its author", () => {
  const change = { daemonId: "shop", workloads: [checkout], changes: { automated: false }, message: "" };

  it.each([
    ["flux.release", releaseOf("2.5.0")],
    ["flux.policy.update", { ...change, user: "" }],
    ["flux.sync.start", { daemonId: "shop", user: "", message: "" }],
  ] as const)("is followed to its end after an update of the console: %s", async (operation, input) => {
    await here.close();
    here = await FluxUnderTest.start();
    daemon = await here.daemon("shop", { jobMs: 1_500 });
    const { id } = (await here.output(operation, input)) as Activity;
    await here.running.close();
    recordAuthor(id, "ops");
    await here.restart();
    await here.output("connections.open");
    const { message } = await here.reaches(id, "verified");
    expect(message).not.toBe("");
    expect(await here.failure(operation, { ...input, user: "ops" })).toMatchObject({ code: "invalid_input" });
  });
});

function jobIdOf({ reply }: Activity): string {
  return (reply as { jobId: string }).jobId;
}

describe("a job that takes longer than anybody waits", () => {
  it("is called unknown, not failed, and confirmed when it ends after all", async () => {
    await here.close();
    here = await FluxUnderTest.start({ waits: { jobMs: 50 } });
    daemon = await here.daemon("shop", { jobMs: 600 });
    const { id } = await started("2.5.0");
    const unknown = await here.reaches(id, "unknown");
    expect(unknown.message).toContain("may still finish");
    await here.reaches(id, "verified");
  });

  it("and a sync that does not come leaves it confirmed, saying so", async () => {
    await here.close();
    here = await FluxUnderTest.start({ waits: { syncMs: 200 } });
    daemon = await here.daemon("shop", { syncMs: 60_000 });
    const { id } = await started("2.5.0");
    await vi.waitFor(async () =>
      expect((await here.activity(id)).message).toContain("is pushed, but not applied yet"),
    );
    expect((await here.activity(id)).state).toBe("confirmed");
  });

  it("whose event is lost fails in the daemon though its commit is pushed: that is told, and it is followed", async () => {
    daemon.faults.add({ kind: "event-lost", count: 1 });
    const activity = await here.settles("flux.release", releaseOf("2.5.0"), "verified");
    const words = activity.evidence.map(({ summary }) => summary).join("\n");
    expect(words).toMatch(
      /The commit [0-9a-f]{8} is pushed, though the daemon calls its job failed: executing HTTP request/,
    );
    expect(daemon.state.workloads[0]?.containers[0]?.running).toBe(`${image}:2.5.0`);
  });
});
