import { describe, expect, it } from "vitest";
import { fluxCalls } from "../../../recordings/recordings.ts";
import type { Activity } from "../../../shared/contract/index.ts";
import type { FluxJob } from "../../../shared/flux/schema.ts";
import { Emitter } from "../../upstream/emitter.ts";
import { jobOf } from "../client/rows.ts";
import { wireJob } from "../client/wire.ts";
import type { FluxDaemon } from "../session/flux-daemon.ts";
import { SyncHistory } from "../session/sync-history.ts";
import { changeExecution, type ReadBack } from "./change-execution.ts";
import type { CommandParts } from "./command-parts.ts";

/** The ends of the jobs of the real daemon. */
const jobs: FluxJob[] = fluxCalls()
  .filter(({ peer, request }) => peer.startsWith("fluxd") && request.includes("RPCServer.JobStatus"))
  .flatMap(({ response }) => {
    const { result } = JSON.parse(response) as {
      result: { Result: unknown; ApplicationError: unknown } | null;
    };
    return result && result.ApplicationError === null ? [jobOf("job", wireJob.parse(result.Result), "")] : [];
  })
  .filter(({ state }) => state === "succeeded" || state === "failed");

/** The first job with these words. */
function jobWith(words: string): FluxJob {
  const found = jobs.find((job) => JSON.stringify(job).includes(words));
  if (!found) throw new Error(`no job with ${words} was recorded`);
  return found;
}

const asWanted: ReadBack = { state: "as-wanted", message: "It is so.", data: null };
const otherwise: ReadBack = { state: "otherwise", message: "It is not so.", data: null };

/** What a reconcile says of a job, where every commit that is asked for is applied. */
async function verdictOf(job: FluxJob, look: ReadBack, applied: (ref: string) => boolean = () => true) {
  const daemon = {
    name: "shop",
    isConnected: true,
    syncs: new SyncHistory(),
    events: new Emitter(),
    client: { syncStatus: async (ref: string) => (applied(ref) ? [] : [ref]) },
    job: async () => job,
    onEnd: () => () => undefined,
    arrival: async () => undefined,
  } as unknown as FluxDaemon;
  const parts = {
    door: () => ({ get: () => daemon, follow: () => () => undefined }),
    waits: { jobMs: 0, syncMs: 20, askedMs: 20 },
    now: () => 0,
  } as unknown as CommandParts;
  const execution = changeExecution(
    parts,
    {
      connectionId: "flux",
      daemonId: "shop",
      target: { kind: "daemon", id: "shop", label: "shop" },
      spec: { type: "sync", cause: { Message: "", User: "" }, spec: {} },
      words: "Committed",
      readBack: async () => look,
    },
    { earlier: { reply: { jobId: "job" } } as unknown as Activity },
  );
  const verdict = await execution.verify?.();
  expect(verdict?.message).not.toMatch(/\.\.|full output/);
  return verdict;
}

describe("a job of the real daemon", () => {
  it.each([
    "does not exist: invalid image ID",
    "cannot satisfy specs",
    "invalid tag pattern",
    "failed to push some refs",
    "matches no existing author",
    "read-only git repo",
    "HEAD revision is unsigned",
  ])(
    "that ended with %j has failed for sure: nothing is on the branch, also where its result says success",
    async (words) => {
      const job = jobWith(words);
      expect(job).toMatchObject({ state: "failed", revision: undefined });
      expect(await verdictOf(job, asWanted)).toMatchObject({ verdict: "failed", proof: true });
    },
  );

  it.each(["no changes made in repo", "no changes found"])(
    "that found nothing to do (%s) is judged by what runs",
    async (words) => {
      expect(await verdictOf(jobWith(words), asWanted)).toMatchObject({ verdict: "verified" });
      expect(await verdictOf(jobWith(words), otherwise)).toMatchObject({ verdict: "failed" });
    },
  );

  it("that met an unsigned head is open until that very head is applied", async () => {
    const job = jobWith("unable to sync to it");
    const [, head = ""] = /HEAD is ([0-9a-f]+)/.exec(job.error) ?? [];
    const older = await verdictOf(job, asWanted, (ref) => ref !== head);
    expect(older).toMatchObject({ verdict: "unknown", message: expect.stringContaining("sync again") });
    expect(await verdictOf(job, asWanted)).toMatchObject({ verdict: "verified" });
  });

  it("that pushed is verified by what runs, and not by its commit alone", async () => {
    const pushed = jobs.filter(({ state, revision }) => state === "succeeded" && revision !== undefined);
    expect(pushed.length).toBeGreaterThan(5);
    for (const job of pushed) {
      expect(await verdictOf(job, asWanted)).toMatchObject({ verdict: "verified" });
      expect(await verdictOf(job, otherwise)).toMatchObject({ verdict: "unknown" });
      expect(await verdictOf(job, asWanted, () => false)).toMatchObject({ verdict: "unknown" });
    }
  });

  it("that could only not tell of its commit is committed", async () => {
    const job = { ...(jobs.find(({ revision }) => revision) as FluxJob), state: "failed" as const };
    expect(
      await verdictOf({ ...job, error: "executing HTTP request: 404 Not Found" }, asWanted),
    ).toMatchObject({ verdict: "verified" });
  });
});
