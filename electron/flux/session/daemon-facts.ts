import type { FluxDaemonRow, FluxRepository, FluxSync } from "../../../shared/flux/schema.ts";
import type { DaemonClient } from "../client/daemon-client.ts";
import { isIgnored, repositoryOf } from "../client/rows.ts";
import { CallTimeout, FatalError } from "../client/rpc-errors.ts";
import type { WireWorkload } from "../client/wire.ts";

/** What is read of a connected daemon again and again. */
export interface DaemonFacts {
  version: string | undefined;
  roundTripMs: number | undefined;
  repository: FluxRepository | undefined;
  sync: (SyncState & { readAt: string }) | undefined;
  workloads: FluxDaemonRow["workloads"];
}

type SyncState = Pick<FluxSync, "state" | "pending" | "pendingCount" | "message">;

/** How many revisions a row shows. */
const shownRevisions = 50;

/**
 * Reads everything at once and tells each part when it is there, so that one call that hangs keeps back nothing else.
 * Returns what could not be read, in the daemon's words; only a connection that is lost throws.
 */
export async function readFacts(
  client: DaemonClient,
  now: () => number,
  tell: (part: Partial<DaemonFacts>) => void,
): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof FatalError) throw error;
      const words = error instanceof Error ? error.message : String(error);
      problems.push(error instanceof CallTimeout ? words : `${what}: ${words}`);
      return undefined;
    }
  };
  const at = (): string => new Date(now()).toISOString();
  const readRepository = async (): Promise<void> => {
    const repository = await attempt("GitRepoConfig", async () =>
      repositoryOf(await client.gitRepoConfig(false), at()),
    );
    // What it was stays true for as long as nothing else is known; it says when it was read.
    if (repository) tell({ repository });
    const sync = await readSync(client, followedRef(repository));
    tell({ sync: { ...sync, readAt: at() } });
  };
  await Promise.all([
    attempt("Version", () => client.daemonVersion()).then((version) => version && tell({ version })),
    attempt("Ping", () => timed(() => client.ping(), now)).then((roundTripMs) => tell({ roundTripMs })),
    readRepository(),
    attempt("ListServices", async () => countWorkloads(await client.listServices(""))).then((workloads) =>
      tell({ workloads }),
    ),
  ]);
  return problems;
}

/** `HEAD` is the default branch of the remote, and not always the one that the daemon follows (flux-rpc §6.4). */
export function followedRef(repository: Pick<FluxRepository, "branch"> | undefined): string {
  return repository?.branch || "HEAD";
}

/** How far a revision is applied; why that is not known is in `message`. */
export async function readSync(client: DaemonClient, ref: string): Promise<SyncState> {
  try {
    const pending = await client.syncStatus(ref);
    return {
      state: pending.length === 0 ? "applied" : "pending",
      pending: pending.slice(0, shownRevisions),
      pendingCount: pending.length,
    };
  } catch (error) {
    if (error instanceof FatalError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { state: "unknown", pending: [], pendingCount: 0, message };
  }
}

function countWorkloads(workloads: readonly WireWorkload[]): NonNullable<FluxDaemonRow["workloads"]> {
  const count = (is: (workload: WireWorkload) => boolean): number => workloads.filter(is).length;
  return {
    total: workloads.length,
    automated: count(({ Automated }) => Automated),
    locked: count(({ Locked }) => Locked),
    ignored: count(isIgnored),
    updating: count(({ Status }) => /^(updating|started|pending-.*)$/.test(Status)),
    failing: count(({ Status, SyncError }) => Status === "error" || Status === "failed" || SyncError !== ""),
  };
}

async function timed(work: () => Promise<void>, now: () => number): Promise<number> {
  const from = now();
  await work();
  return now() - from;
}
