import { ownValue } from "../../shared/contract/index.ts";
import type { FluxDaemonRow, FluxRepository, FluxSync, FluxWorkload } from "../../shared/flux/schema.ts";
import type { StateLook } from "../ui/state-look.ts";

const daemonLooks: Record<FluxDaemonRow["status"], StateLook> = {
  connected: { tone: "good", shape: "check", word: "connected" },
  disconnected: { tone: "bad", shape: "cross", word: "disconnected" },
  waiting: { tone: "idle", shape: "ring", word: "never came" },
};

export function daemonLook({ status }: Pick<FluxDaemonRow, "status">): StateLook {
  return daemonLooks[status];
}

/** How a workload is doing; an error of the last sync comes before its rollout. */
export function workloadLook(workload: Pick<FluxWorkload, "status" | "syncError" | "rollout">): StateLook {
  const { status, syncError, rollout } = workload;
  if (syncError !== "") return { tone: "bad", shape: "bang", word: "not applied" };
  // Daemons before 1.8 only say how many are updated, and never that it is ready.
  if (status === "updating" && rollout && rollout.desired > 0 && rollout.updated >= rollout.desired)
    return { tone: "good", shape: "check", word: "updated" };
  const looks: Record<string, StateLook> = {
    ready: { tone: "good", shape: "check", word: "ready" },
    updating: { tone: "flight", shape: "half", word: "updating" },
    started: { tone: "flight", shape: "quarter", word: "started" },
    error: { tone: "bad", shape: "cross", word: "error" },
    unknown: { tone: "warn", shape: "question", word: "unknown" },
    // A HelmRelease has its operator's word instead (flux-rpc §3.1.5).
    deployed: { tone: "good", shape: "check", word: "deployed" },
    failed: { tone: "bad", shape: "cross", word: "failed" },
  };
  if (status.startsWith("pending-")) return { tone: "flight", shape: "half", word: status };
  return ownValue(looks, status) ?? { tone: "idle", shape: "ring", word: status || "unknown" };
}

/** How far the repository is applied; it counts as applied also where resources failed in it. */
export function syncLook(sync: Pick<FluxSync, "state" | "pendingCount" | "errors"> | undefined): StateLook {
  if (!sync || sync.state === "unknown") return { tone: "warn", shape: "question", word: "not known" };
  if (sync.state === "applied" && sync.errors.length > 0)
    return { tone: "bad", shape: "bang", word: `all applied, but ${sync.errors.length} failed` };
  if (sync.state === "applied") return { tone: "good", shape: "check", word: "all applied" };
  return { tone: "flight", shape: "half", word: `${sync.pendingCount} not applied` };
}

/** How the repository is. Daemons before 1.2 do not say: that they can compare it with what is applied is proof enough (flux-rpc §3.14). */
export function repositoryLook({
  repository,
  sync,
}: {
  repository?: Pick<FluxRepository, "status"> | undefined;
  sync?: Pick<FluxSync, "state"> | undefined;
}): StateLook {
  const status = repository?.status ?? "";
  if (status === "ready") return { tone: "good", shape: "check", word: "ready" };
  if (status === "" && repository && sync && sync.state !== "unknown")
    return { tone: "good", shape: "check", word: "works" };
  if (status === "") return { tone: "idle", shape: "ring", word: "unknown" };
  const failed = status === "unreachable" || status === "unconfigured";
  return failed
    ? { tone: "bad", shape: "cross", word: status }
    : { tone: "warn", shape: "clock", word: status };
}

const resultLooks: Record<string, StateLook> = {
  success: { tone: "good", shape: "check", word: "changes" },
  failed: { tone: "bad", shape: "cross", word: "failed" },
  skipped: { tone: "warn", shape: "forbidden", word: "skipped" },
  ignored: { tone: "idle", shape: "ring", word: "ignored" },
};

/** What a release does to a workload. */
export function resultLook(status: string): StateLook {
  return ownValue(resultLooks, status) ?? { tone: "warn", shape: "question", word: status || "unknown" };
}
