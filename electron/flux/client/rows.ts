import { ownValue } from "../../../shared/contract/index.ts";
import { parseWorkloadId } from "../../../shared/flux/ids.ts";
import type {
  FluxContainerImages,
  FluxImage,
  FluxJob,
  FluxRepository,
  FluxWorkload,
  ProtocolVersion,
  WorkloadResult,
} from "../../../shared/flux/schema.ts";
import { kindsOf } from "./compat.ts";
import type {
  WireImageInfo,
  WireImages,
  WireJob,
  WireRepository,
  WireResults,
  WireWorkload,
} from "./wire.ts";

/** Why a workload cannot be changed, and what can be done about it (flux-rpc §3.1.5, `ReadOnly`). */
const readOnlyReasons: Record<string, { reason: string; hint: string }> = {
  NotInRepo: {
    reason: "No manifest of it is in the repository.",
    hint: "Its manifest has to be in the daemon's repository.",
  },
  System: { reason: "The platform manages it.", hint: "Change it where the platform is configured." },
  NoRepo: {
    reason: "The daemon has no git repository.",
    hint: "Give the daemon a repository with --git-url.",
  },
  NotReady: {
    reason: "The daemon's git repository is not ready.",
    hint: "Look at the daemon's repository: its state says why.",
  },
  ReadOnlyMode: {
    reason: "The daemon may only read its repository.",
    hint: "It runs with --git-readonly: change the manifests in git; it applies them.",
  },
};

/** What can be done about a workload's refusal. */
export function refusalHint(refusal: string): string {
  const known = Object.values(readOnlyReasons).find(({ reason }) => reason === refusal);
  return known?.hint ?? "Look at the workload and at the daemon's version.";
}

/** Sorted by id: daemons list in no order (flux-rpc §7, trap 23). */
export function workloadRows(workloads: readonly WireWorkload[], protocol: ProtocolVersion): FluxWorkload[] {
  return workloads.map((workload) => workloadRow(workload, protocol)).sort(byId);
}

function workloadRow(workload: WireWorkload, protocol: ProtocolVersion): FluxWorkload {
  const { namespace = "", kind = "", name = workload.ID } = parseWorkloadId(workload.ID) ?? {};
  const { Rollout: rollout } = workload;
  return {
    id: workload.ID,
    namespace,
    kind,
    name,
    containers: workload.Containers.map(({ Name, Current }) => ({ name: Name, image: Current.ID })),
    status: workload.Status,
    ...(rollout && {
      rollout: {
        desired: rollout.Desired,
        updated: rollout.Updated,
        ready: rollout.Ready,
        available: rollout.Available,
        outdated: rollout.Outdated,
        messages: rollout.Messages,
      },
    }),
    syncError: workload.SyncError,
    antecedent: workload.Antecedent,
    labels: workload.Labels,
    automated: workload.Automated,
    locked: workload.Locked,
    ignored: isIgnored(workload),
    policies: workload.Policies,
    refusal: refusalOf(workload.ReadOnly, kind, protocol),
  };
}

/** Only `true` ignores; `sync_only` keeps it from garbage collection and changes nothing else (flux-rpc §3.1.6). */
export function isIgnored({ Ignore, Policies }: Pick<WireWorkload, "Ignore" | "Policies">): boolean {
  return Ignore || Policies.ignore === "true";
}

function refusalOf(readOnly: string, kind: string, protocol: ProtocolVersion): string | undefined {
  if (readOnly !== "") return ownValue(readOnlyReasons, readOnly)?.reason ?? `The daemon says: ${readOnly}.`;
  if (!kindsOf(protocol).has(kind))
    return `A daemon of V${protocol} takes no request for the kind ${kind || "of this id"}.`;
  return undefined;
}

/** One row per container; what runs comes from the cluster, because the registry may not know it (flux-rpc §7, trap 19). */
export function imageRows(images: WireImages, workloads: readonly WireWorkload[]): FluxContainerImages[] {
  const byWorkload = new Map(
    workloads.map((workload) => [
      workload.ID,
      { workload, running: new Map(workload.Containers.map(({ Name, Current }) => [Name, Current.ID])) },
    ]),
  );
  return images
    .flatMap(({ ID, Containers }) =>
      Containers.map((container) => {
        const { workload, running } = byWorkload.get(ID) ?? {};
        return {
          workloadId: ID,
          container: container.Name,
          running: running?.get(container.Name) ?? container.Current.ID,
          pattern: workload?.Policies[`tag.${container.Name}`] ?? "glob:*",
          current: imageOf(container.Current),
          latestFiltered: imageOf(container.LatestFiltered),
          available: container.Available.map(imageOf),
          availableError: container.AvailableError || undefined,
          counts: {
            available: container.AvailableImagesCount || container.Available.length,
            newAvailable: container.NewAvailableImagesCount,
            filtered: container.FilteredImagesCount,
            newFiltered: container.NewFilteredImagesCount,
          },
        };
      }),
    )
    .sort(
      (left, right) => compare(left.workloadId, right.workloadId) || compare(left.container, right.container),
    );
}

function imageOf(info: WireImageInfo): FluxImage {
  return {
    reference: info.ID,
    digest: info.Digest || undefined,
    createdAt: info.CreatedAt,
    lastFetched: info.LastFetched,
  };
}

export function repositoryOf(wire: WireRepository, readAt: string): FluxRepository {
  return {
    url: wire.remote.url,
    branch: wire.remote.branch,
    path: wire.remote.path,
    status: wire.status,
    errors: wire.errors,
    publicKey: wire.publicSSHKey.key.trim(),
    fingerprints: wire.publicSSHKey.fingerprints,
    readAt,
  };
}

export function resultsOf(results: WireResults): WorkloadResult[] {
  return Object.entries(results)
    .map(([id, { Status, Error: error, PerContainer }]) => ({
      id,
      status: Status,
      error: error || undefined,
      containers: PerContainer.map(({ Container, Current, Target }) => ({
        container: Container,
        current: Current || undefined,
        target: Target,
      })),
    }))
    .sort(byId);
}

/** A job; an empty state is one that goes on (flux-rpc §5.1), and an error beside `succeeded` is a failure. */
export function jobOf(id: string, wire: WireJob, readAt: string): FluxJob {
  const failed = wire.StatusString === "failed" || (wire.StatusString === "succeeded" && wire.Err !== "");
  const going = wire.StatusString === "running" ? "running" : "queued";
  return {
    id,
    state: failed ? "failed" : wire.StatusString === "succeeded" ? "succeeded" : going,
    error: wire.Err,
    revision: wire.Result.revision || undefined,
    results: resultsOf(wire.Result.result),
    readAt,
  };
}

function byId(left: { id: string }, right: { id: string }): number {
  return compare(left.id, right.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
