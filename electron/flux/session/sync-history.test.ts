import { describe, expect, it } from "vitest";
import { fluxCalls, fluxRecords } from "../../../recordings/recordings.ts";
import { type DecodedFluxEvent, decodeFluxEvent } from "../client/decode-event.ts";
import { jobOf } from "../client/rows.ts";
import { wireJob } from "../client/wire.ts";
import { SyncHistory } from "./sync-history.ts";

/** What the real daemon told of each sync in which something failed, oldest first. */
const failing = fluxRecords()
  .flatMap((record) => (record.kind === "event" ? [decodeFluxEvent(String(record.body))] : []))
  .filter(({ type, errors }) => type === "sync" && errors.length > 0);

function historyOf(events: readonly DecodedFluxEvent[]): SyncHistory {
  const history = new SyncHistory();
  for (const event of events)
    history.takeSync({ ...event, sequence: 1, connectionId: "flux", daemonId: "shop", receivedAt: "" });
  return history;
}

describe("what failed of a revision", () => {
  it("counts for each revision of the sync, not only for its newest one", () => {
    const both = failing.find(({ revisions }) => revisions.length === 2);
    const history = historyOf(both ? [both] : []);
    expect(both?.revisions).toHaveLength(2);
    for (const revision of both?.revisions ?? [])
      expect([...history.errorsOf(revision).keys()]).toEqual(["shop:deployment/bad"]);
  });

  it("is what a later sync still names, and no more when none does", () => {
    const [immutable, again] = failing.filter(({ errors }) => errors[0]?.id === "shop:deployment/notag");
    if (!immutable || !again) throw new Error("the recording has both");
    const [revision] = immutable.revisions;
    expect([...historyOf([immutable, again]).errorsOf(revision).keys()]).toEqual(["shop:deployment/notag"]);
    const mended = { ...again, errors: [] };
    expect(historyOf([immutable, again, mended]).errorsOf(revision).size).toBe(0);
  });

  it("is not what concerns other resources of later revisions", () => {
    const [bad] = failing.filter(({ errors }) => errors[0]?.id === "shop:deployment/bad");
    const [notag] = failing.filter(({ errors }) => errors[0]?.id === "shop:deployment/notag");
    if (!bad || !notag) throw new Error("the recording has both");
    expect(historyOf([bad, notag]).errorsOf(bad.revisions[0]).size).toBe(0);
    expect([...historyOf([bad, notag]).errorsOf(undefined).keys()]).toEqual(["shop:deployment/notag"]);
  });
});

describe("what hinders syncs", () => {
  const events = fluxRecords().flatMap((record) =>
    record.kind === "event" ? [decodeFluxEvent(String(record.body))] : [],
  );
  const poisonous = events.find(({ type, raw }) => type === "commit" && raw.includes('"Current":""'));
  const [revision = ""] = poisonous?.revisions ?? [];

  function told(upTo: (event: DecodedFluxEvent) => boolean): SyncHistory {
    const history = new SyncHistory();
    for (const event of events.slice(0, events.findIndex(upTo) + 1)) {
      const kept = { ...event, sequence: 1, connectionId: "flux", daemonId: "shop", receivedAt: "" };
      if (event.type === "sync") history.takeSync(kept);
      if (event.type === "commit") history.takeCommit(event);
    }
    return history;
  }

  it("is no ordinary commit", () => {
    const before = events[events.findIndex(({ raw }) => raw === poisonous?.raw) - 1];
    expect(told((event) => event === before).obstacle).toBeUndefined();
  });

  it("is a release without Current, from its event on, and the cure names its note", () => {
    expect(told((event) => event === poisonous).obstacle).toContain(
      `git notes --ref=flux remove ${revision}`,
    );
  });

  it("is the same where only the job tells", () => {
    const history = new SyncHistory();
    const job = fluxCalls()
      .filter(({ request, response }) => request.includes("JobStatus") && response.includes('"Current":""'))
      .map(({ response }) => wireJob.parse(JSON.parse(response).result.Result))[0];
    if (!job) throw new Error("the recording has it");
    history.takeCommit({ ...jobOf("job", job, ""), revisions: [job.Result.revision], spec: job.Result.spec });
    expect(history.obstacle).toContain(revision);
  });

  it("is over when a sync lists the commit", () => {
    const listing = events.find((event) => event.type === "sync" && event.revisions.includes(revision));
    expect(listing).toBeDefined();
    expect(told((event) => event === listing).obstacle).toBeUndefined();
  });

  it("is only guessed where nothing tells, after ten minutes", () => {
    const history = new SyncHistory();
    history.takePending(true, 0);
    history.takePending(true, 500_000);
    expect(history.stuck(599_999)).toBeUndefined();
    expect(history.stuck(600_000)).toContain("for 10 minutes");
    history.takePending(false, 600_001);
    expect(history.stuck(2_000_000)).toBeUndefined();
  });
});
