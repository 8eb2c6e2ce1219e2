import type { FluxDaemonRow, FluxRepository, FluxSync } from "../../shared/flux/schema.ts";
import type { DaemonClient } from "./daemon-client.ts";
import { repositoryOf } from "./rows.ts";
import { FatalError } from "./rpc-errors.ts";
import type { WireWorkload } from "./wire.ts";

/** What is read of a connected daemon again and again. */
export interface DaemonFacts {
  version: string | undefined;
  roundTripMs: number | undefined;
  repository: FluxRepository | undefined;
  sync: Pick<FluxSync, "state" | "pending" | "pendingCount" | "message">;
  workloads: FluxDaemonRow["workloads"];
  /** What could not be read, in the daemon's words. */
  problems: string[];
}

/** How many revisions a row shows. */
const shownRevisions = 50;

/** Reads everything at once; only a connection that is lost throws. */
export async function readFacts(client: DaemonClient, now: () => number): Promise<DaemonFacts> {
  const problems: string[] = [];
  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof FatalError) throw error;
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const at = new Date(now()).toISOString();
  const [version, roundTripMs, repository, sync, workloads] = await Promise.all([
    attempt("Version", () => client.daemonVersion()),
    attempt("Ping", () => timed(() => client.ping(), now)),
    attempt("GitRepoConfig", async () => repositoryOf(await client.gitRepoConfig(false), at)),
    readSync(client, "HEAD"),
    attempt("ListServices", async () => countWorkloads(await client.listServices(""))),
  ]);
  return { version, roundTripMs, repository, sync, workloads, problems };
}

/** How far a revision is applied; why that is not known is in `message`. */
export async function readSync(client: DaemonClient, ref: string): Promise<DaemonFacts["sync"]> {
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
    ignored: count(({ Ignore, Policies }) => Ignore || Policies.ignore !== undefined),
    updating: count(({ Status }) => Status === "updating" || Status === "started"),
    failing: count(({ Status, SyncError }) => Status === "error" || SyncError !== ""),
  };
}

async function timed(work: () => Promise<void>, now: () => number): Promise<number> {
  const from = now();
  await work();
  return now() - from;
}
