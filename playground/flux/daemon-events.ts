import type { Commit } from "./repository.ts";
import type { ReleaseResult, UpdateSpec } from "./wire-types.ts";

type Event = Record<string, unknown>;

/** When something began and ended; what a daemon calls the end is often the start (flux-rpc §1.10). */
interface Times {
  startedAt: string;
  endedAt: string;
}

function base(
  type: string,
  serviceIDs: string[] | null,
  { startedAt, endedAt }: Times,
  metadata: unknown,
): Event {
  return { id: 0, serviceIDs, type, startedAt, endedAt, logLevel: "info", metadata };
}

function changedIds(result: ReleaseResult | undefined): string[] {
  return Object.entries(result ?? {})
    .filter(([, { Status }]) => Status === "success")
    .map(([id]) => id);
}

/** A commit by a job, at the start of which it is dated (flux-rpc §1.10). */
export function commitEvent(
  revision: string,
  { spec, result }: { spec: UpdateSpec | AutoSpec; result: ReleaseResult },
  startedAt: string,
): Event {
  const ids = changedIds(result);
  const metadata = { revision, spec, result };
  return base("commit", ids.length > 0 ? ids : null, { startedAt, endedAt: startedAt }, metadata);
}

export interface SyncError {
  ID: string;
  Path: string;
  Error: string;
}

/** What a sync applied. */
export interface AppliedSync {
  /** Newest first. */
  commits: readonly Commit[];
  errors: readonly SyncError[];
  initial: boolean;
  startedAt: string;
  /** Of every resource whose manifest is new or changed, in no order. */
  changed: readonly string[];
}

/** The events of a sync: itself, dated at its start, then each release in it, oldest first (flux-rpc §6.7). */
export function syncEvents({ commits, errors, initial, startedAt, changed }: AppliedSync): Event[] {
  const includes: Record<string, true> = {};
  for (const { note } of commits) {
    includes[note === undefined ? "other" : note.type === "policy" ? "update_policy" : note.type] = true;
  }
  const sync = base(
    "sync",
    changed.length > 0 ? [...changed] : null,
    { startedAt, endedAt: startedAt },
    {
      commits: commits.map(({ revision, message }) => ({ revision, message })),
      includes,
      ...(errors.length > 0 && { errors }),
      ...(initial && { initialSync: true }),
    },
  );
  if (initial) return [sync];
  const times = { startedAt, endedAt: new Date().toISOString() };
  return [
    sync,
    ...commits
      .slice()
      .reverse()
      .flatMap((commit) => releaseEvent(commit, times)),
  ];
}

/** What automation does, as its commits and events say it. */
export interface AutoSpec {
  type: "auto";
  cause: { Message: string; User: string };
  spec: { Changes: unknown[] };
}

/** The changes of an automatic release. */
export function autoSpec(result: ReleaseResult): AutoSpec {
  const changes = Object.entries(result).flatMap(([WorkloadID, { PerContainer }]) =>
    (PerContainer ?? []).map(({ Container, Current = "", Target }) => ({
      WorkloadID,
      Container: { Name: Container, Image: Current },
      ImageID: Target,
    })),
  );
  return { type: "auto", cause: { Message: "", User: "" }, spec: { Changes: changes } };
}

function releaseEvent({ revision, note }: Commit, times: Times): Event[] {
  if (!note || note.type === "policy") return [];
  const ids = changedIds(note.result);
  const common = { Revision: revision, result: note.result };
  if (note.type === "autorelease")
    return [base("autorelease", ids, times, { ...common, spec: autoSpec(note.result).spec })];
  const isImage = note.spec?.type === "image";
  const spec = {
    Type: isImage ? "releaseImageSpecType" : "releaseContainersSpecType",
    ReleaseImageSpec: isImage ? note.spec?.spec : null,
    ReleaseContainersSpec: isImage ? null : (note.spec?.spec ?? null),
  };
  return [base("release", ids, times, { ...common, spec, cause: note.cause })];
}
