import { allWorkloads } from "../../../shared/flux/ids.ts";
import type { Release } from "../../../shared/flux/release.ts";
import type { FluxWorkload } from "../../../shared/flux/schema.ts";
import { conflict } from "../../upstream/evidence.ts";
import type { Cause, UpdateSpec } from "../client/update-spec.ts";

type ImageRelease = Extract<Release, { kind: "image" }>;
type ContainersRelease = Extract<Release, { kind: "containers" }>;
type ContainerUpdate = ContainersRelease["updates"][string][number];

/** A release of which every precondition is known. */
export type CompleteRelease =
  | ImageRelease
  | (Omit<ContainersRelease, "updates"> & { updates: Record<string, Required<ContainerUpdate>[]> });

/**
 * Where no precondition was given, what runs is one: without any, the daemon's git notes would be poisoned (flux-rpc
 * §3.1.7). Throws `conflict` where that cannot be told.
 */
export function completeRelease(release: Release, workloads: readonly FluxWorkload[]): CompleteRelease {
  if (release.kind === "image") return release;
  const known = new Map(workloads.map((workload) => [workload.id, workload]));
  const updates = Object.entries(release.updates).map(([id, containers]) => [
    id,
    containers.map((update) => ({
      ...update,
      current: update.current ?? runningImage(known.get(id), id, update),
    })),
  ]);
  return { ...release, updates: Object.fromEntries(updates) };
}

function runningImage(
  workload: FluxWorkload | undefined,
  id: string,
  { container }: ContainerUpdate,
): string {
  const image = workload?.containers.find(({ name }) => name === container)?.image;
  if (image) return image;
  const names = workload?.containers.map(({ name }) => name).join(", ");
  const reason = workload
    ? `${id} has no container ${container} whose image is known`
    : `the daemon does not know ${id}`;
  throw conflict(
    `Not released: ${reason}.`,
    names ? `Its containers are ${names}.` : "List the workloads to see what there is.",
  );
}

/** A release as the daemon takes it (flux-rpc §3.1.7). */
export function releaseSpec(release: CompleteRelease, cause: Cause, kind: "plan" | "execute"): UpdateSpec {
  if (release.kind === "image")
    return {
      type: "image",
      cause,
      spec: {
        ServiceSpecs: release.workloads === allWorkloads ? [allWorkloads] : [...release.workloads],
        ImageSpec: release.image,
        Kind: kind,
        Excludes: release.excludes.length > 0 ? release.excludes : null,
        Force: release.force,
      },
    };
  const updates = Object.entries(release.updates).map(([id, containers]) => [
    id,
    containers.map(({ container, current, target }) => ({
      Container: container,
      Current: current,
      Target: target,
    })),
  ]);
  return {
    type: "containers",
    cause,
    spec: {
      Kind: kind,
      ContainerSpecs: Object.fromEntries(updates),
      SkipMismatches: release.skipMismatches,
      Force: release.force,
    },
  };
}
