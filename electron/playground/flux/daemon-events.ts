import type { Commit } from "./repository.ts";
import type { ReleaseResult, UpdateSpec } from "./wire-types.ts";

type Event = Record<string, unknown>;

function base(type: string, serviceIDs: string[] | null, metadata: unknown): Event {
  const at = new Date().toISOString();
  return { id: 0, serviceIDs, type, startedAt: at, endedAt: at, logLevel: "info", metadata };
}

function changedIds(result: ReleaseResult | undefined): string[] {
  return Object.entries(result ?? {})
    .filter(([, { Status }]) => Status === "success")
    .map(([id]) => id);
}

/** A commit by a job (flux-rpc §1.10). */
export function commitEvent(revision: string, spec: UpdateSpec | undefined, result: ReleaseResult): Event {
  const ids = changedIds(result);
  return base("commit", ids.length > 0 ? ids : null, { revision, spec: spec ?? null, result });
}

export interface SyncError {
  ID: string;
  Path: string;
  Error: string;
}

/** What a sync tells: itself, then each release in it, oldest first (flux-rpc §6.7). */
export function syncEvents(
  commits: readonly Commit[],
  errors: readonly SyncError[],
  initial: boolean,
): Event[] {
  const includes: Record<string, true> = {};
  for (const { note } of commits) {
    includes[note === undefined ? "other" : note.type === "policy" ? "update_policy" : note.type] = true;
  }
  const ids = [...new Set(commits.flatMap(({ note }) => changedIds(note?.result)))];
  const sync = base("sync", ids.length > 0 ? ids : null, {
    commits: commits.map(({ revision, message }) => ({ revision, message })),
    includes,
    ...(errors.length > 0 && { errors }),
    ...(initial && { initialSync: true }),
  });
  if (initial) return [sync];
  return [sync, ...commits.slice().reverse().flatMap(releaseEvent)];
}

function releaseEvent({ revision, note }: Commit): Event[] {
  if (!note || note.type === "policy") return [];
  const ids = changedIds(note.result);
  if (note.type === "autorelease") {
    const changes = Object.entries(note.result).flatMap(([WorkloadID, { PerContainer }]) =>
      (PerContainer ?? []).map(({ Container, Current, Target }) => ({
        WorkloadID,
        Container: { Name: Container, Image: Current ?? "" },
        ImageID: Target,
      })),
    );
    return [
      base("autorelease", ids, { Revision: revision, result: note.result, spec: { Changes: changes } }),
    ];
  }
  const isImage = note.spec?.type === "image";
  const spec = {
    Type: isImage ? "releaseImageSpecType" : "releaseContainersSpecType",
    ReleaseImageSpec: isImage ? note.spec?.spec : null,
    ReleaseContainersSpec: isImage ? null : (note.spec?.spec ?? null),
  };
  return [base("release", ids, { Revision: revision, result: note.result, spec, cause: note.cause })];
}
