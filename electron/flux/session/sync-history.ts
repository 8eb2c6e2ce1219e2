import type { FluxEvent, FluxSync, WorkloadResult } from "../../../shared/flux/schema.ts";
import type { DecodedFluxEvent } from "../client/decode-event.ts";

type ToldSync = Pick<FluxEvent, "revisions" | "workloads" | "errors">;

const keptSyncs = 50;
/** Of each list; a first sync names the whole history of a repository. */
const keptOfEach = 2_000;
/** From so many milliseconds on, commits that still wait deserve a warning. */
const stuckFromMs = 600_000;

/** The latest syncs that a daemon told about: what was applied with which revision, what failed, and what hinders them (flux-rpc §1.10). */
export class SyncHistory {
  /** Newest first. */
  #syncs: ToldSync[] = [];
  #last: Pick<FluxSync, "lastSyncAt" | "lastRevision" | "errors"> = { errors: [] };
  /** A commit whose git note keeps syncs from completing. */
  #poisonedBy: string | undefined;
  /** Since when commits wait without a sync that was told. */
  #pendingSince: number | undefined;

  /** The newest one, dated when it was told: what the event calls its end is its start (flux-rpc §1.10). */
  get last(): Pick<FluxSync, "lastSyncAt" | "lastRevision" | "errors"> {
    return this.#last;
  }

  /** Why no sync completes, as far as that is known for sure. */
  get obstacle(): string | undefined {
    return this.#poisonedBy && poisonedWarning(this.#poisonedBy);
  }

  /** `whole`: its lists before they were cut for a page. */
  takeSync(event: FluxEvent, whole: ToldSync = event): void {
    const { receivedAt, revisions, errors } = event;
    this.#last = { lastSyncAt: receivedAt, lastRevision: revisions[0], errors };
    this.#pendingSince = undefined;
    const sync = {
      revisions: whole.revisions.slice(0, keptOfEach),
      workloads: whole.workloads.slice(0, keptOfEach),
      errors: whole.errors.slice(0, keptOfEach),
    };
    this.#syncs = [sync, ...this.#syncs].slice(0, keptSyncs);
    // Its note was removed: the commit comes with the next sync that completes.
    if (this.#poisonedBy && whole.revisions.includes(this.#poisonedBy)) this.#poisonedBy = undefined;
  }

  /** A commit of a job, from its event or from the job itself. */
  takeCommit({ revisions, spec, results }: Pick<DecodedFluxEvent, "revisions" | "spec" | "results">): void {
    const [revision] = revisions;
    if (revision === undefined || this.#lists(revision) || !poisonsNotes(spec, results)) return;
    this.#poisonedBy = revision;
  }

  takePending(pending: boolean, now: number): void {
    this.#pendingSince = pending ? (this.#pendingSince ?? now) : undefined;
  }

  /** What to look for where commits wait for long though the daemon answers: no call says why (flux-rpc §3.13). */
  stuck(now: number): string | undefined {
    const waited = this.#pendingSince === undefined ? 0 : now - this.#pendingSince;
    if (waited < stuckFromMs) return undefined;
    return `Commits have waited to be applied for ${Math.floor(waited / 60_000)} minutes though the daemon answers. What is usual: a manifest that cannot be parsed (the list of workloads fails then too), events that do not reach this console, or a git note that it cannot read ("loading notes from repo" in its log).`;
  }

  #lists(revision: string): boolean {
    return this.#syncs.some(({ revisions }) => revisions.includes(revision));
  }

  /**
   * What still cannot be applied of a revision, by id. A sync names every resource that failed in it, whichever commit
   * brought it in, and again at each later one until it is mended; so the first sync that lists the revision says what
   * is its own, and the newest one what of that still fails. What was applied without being listed, as when nothing was
   * new, stands in the newest one too.
   */
  errorsOf(revision: string | undefined): Map<string, string> {
    const newest = this.#syncs[0]?.errors ?? [];
    const own = this.#syncs.findLast(
      ({ revisions }) => revision !== undefined && revisions.includes(revision),
    );
    const ids =
      own && own !== this.#syncs[0] && new Set([...own.workloads, ...own.errors.map(({ id }) => id)]);
    return new Map(newest.filter(({ id }) => !ids || ids.has(id)).map(({ id, error }) => [id, error]));
  }
}

/**
 * Whether the git note of a release cannot be read back by the daemon that wrote it: an update without `Current` is written
 * as an empty reference, and from then on no sync completes any more (flux-rpc §3.1.7).
 */
function poisonsNotes(spec: unknown, results: readonly WorkloadResult[]): boolean {
  const changed = results.filter(({ status }) => status === "success");
  return (
    changed.some(({ containers }) => containers.some(({ current }) => current === undefined)) ||
    updatesOf(spec).some((update) => !hasCurrent(update))
  );
}

/** The updates of a `containers` release, as somebody else may have written them. */
function updatesOf(spec: unknown): unknown[] {
  const { type, spec: body } = (spec ?? {}) as { type?: unknown; spec?: { ContainerSpecs?: unknown } | null };
  const updates = type === "containers" ? body?.ContainerSpecs : undefined;
  return typeof updates === "object" && updates !== null ? Object.values(updates).flat() : [];
}

function hasCurrent(update: unknown): boolean {
  const current = (update as { Current?: unknown } | null)?.Current;
  return typeof current === "string" && current !== "";
}

/** What is wrong, and the cure, which nobody but somebody with a clone has. */
function poisonedWarning(revision: string): string {
  return `Its syncs do not complete any more: it cannot read back its own git note of commit ${revision.slice(0, 8)}, a release of a container without the image that it ran. What is committed is applied, but never counted as applied, and no sync or release is told. In a clone: git fetch origin refs/notes/flux:refs/notes/flux; git notes --ref=flux remove ${revision}; git push origin refs/notes/flux`;
}
