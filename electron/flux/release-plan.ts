import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import { allLatestImages, allWorkloads } from "../../shared/flux/ids.ts";
import { sameImage } from "../../shared/flux/image-reference.ts";
import type { ReleaseWish } from "../../shared/flux/release.ts";
import type { FluxJob, FluxWorkload, WorkloadResult } from "../../shared/flux/schema.ts";
import type { ReadBack } from "./change-execution.ts";
import { rolloutReadBack } from "./rollout.ts";
import type { Cause, UpdateSpec } from "./update-spec.ts";

/** A release as the daemon takes it (flux-rpc §3.1.7). */
export function releaseSpec(wish: ReleaseWish, cause: Cause, kind: "plan" | "execute"): UpdateSpec {
  if (wish.kind === "image")
    return {
      type: "image",
      cause,
      spec: {
        ServiceSpecs: wish.workloads === allWorkloads ? [allWorkloads] : [...wish.workloads],
        ImageSpec: wish.image,
        Kind: kind,
        Excludes: wish.excludes.length > 0 ? wish.excludes : null,
        Force: wish.force,
      },
    };
  const updates = Object.entries(wish.updates).map(([id, containers]) => [
    id,
    // An absent precondition is left out: an empty text would be refused.
    containers.map(({ container, current, target }) => ({
      Container: container,
      ...(current && { Current: current }),
      Target: target,
    })),
  ]);
  return {
    type: "containers",
    cause,
    spec: {
      Kind: kind,
      ContainerSpecs: Object.fromEntries(updates),
      SkipMismatches: wish.skipMismatches,
      Force: wish.force,
    },
  };
}

/** The ids that a release names; undefined where it means all. */
export function namedWorkloads(wish: ReleaseWish): string[] | undefined {
  if (wish.kind === "containers") return Object.keys(wish.updates);
  if (wish.workloads === allWorkloads) return undefined;
  return wish.workloads.filter((id) => !wish.excludes.includes(id));
}

/** By whom and why a workload is locked (flux-rpc §3.1.6). */
function lockWords({ policies }: Pick<FluxWorkload, "policies">): string {
  const user = policies.locked_user ? ` by ${policies.locked_user}` : "";
  const message = policies.locked_msg ? `: ${policies.locked_msg}` : "";
  return `locked${user}${message}`;
}

/** Why none of the named workloads would take the release; undefined where at least one would (flux-rpc §5.4). */
export function releaseRefusal(wish: ReleaseWish, workloads: readonly FluxWorkload[]): string | undefined {
  const named = namedWorkloads(wish);
  if (!named) return undefined;
  const known = byId(workloads);
  const reasons = named.map((id) => {
    const workload = known.get(id);
    if (!workload) return `${id} is not known to the daemon`;
    if (workload.refusal) return `${id}: ${workload.refusal}`;
    if (workload.locked && !wish.force) return `${id} is ${lockWords(workload)}`;
    return undefined;
  });
  return reasons.every((reason) => reason !== undefined) ? reasons.join("; ") : undefined;
}

/** What the daemon worked out, made readable. */
export function previewOf(
  { wish, daemonId }: { wish: ReleaseWish; daemonId: string },
  job: FluxJob,
  workloads: readonly FluxWorkload[],
): ReleasePreview {
  const changing = job.results.filter(({ status }) => status === "success");
  const known = byId(workloads);
  const locks = job.results.flatMap(({ id, error }) => {
    const workload = error === "locked" ? known.get(id) : undefined;
    return workload ? [[id, lockWords(workload)]] : [];
  });
  return {
    daemonId,
    jobId: job.id,
    results: job.results,
    changes: changing.length,
    diff: diffOf(changing),
    warnings: warningsOf(wish, job.results),
    locks: Object.fromEntries(locks),
  };
}

/** The lines of the manifests that would change. */
function diffOf(results: readonly WorkloadResult[]): string {
  return results
    .map(({ id, containers }) =>
      [
        `--- ${id}`,
        `+++ ${id}`,
        ...containers.flatMap(({ container, current, target }) => [
          `@@ ${container} @@`,
          ...(current ? [`-image: ${current}`] : []),
          `+image: ${target}`,
        ]),
      ].join("\n"),
    )
    .join("\n");
}

function warningsOf(wish: ReleaseWish, results: readonly WorkloadResult[]): string[] {
  const warnings: string[] = [];
  if (wish.kind === "image" && wish.force && wish.workloads === allWorkloads)
    warnings.push("Force has no effect on locks when all workloads are meant: name those that are locked.");
  if (wish.kind === "image" && wish.force && wish.image === allLatestImages)
    warnings.push("Force has no effect on tag filters when the newest images are meant.");
  for (const { id, error, status } of results)
    if (status === "success" && error) warnings.push(`${id}: ${error}`);
  return warnings;
}

/** Holds what runs against what a release was to bring. */
export function releaseReadBack(
  wish: ReleaseWish,
  job: FluxJob | undefined,
  workloads: readonly FluxWorkload[],
): ReadBack {
  const wanted = wantedImages(wish, job);
  if (wanted.length === 0) return upToDate(wish, job);
  const known = byId(workloads);
  const images = new Map(
    workloads.map(({ id, containers }) => [id, new Map(containers.map(({ name, image }) => [name, image]))]),
  );
  const rows = wanted.map(({ id, container, target }) => {
    const image = images.get(id)?.get(container) ?? "";
    return { id, container, target, image, workload: known.get(id), good: sameImage(image, target) };
  });
  const data = rows.map(({ id, container, target, image }) => ({
    id,
    container,
    wanted: target,
    runs: image,
  }));
  const bad = rows.find(({ good }) => !good);
  if (!bad) {
    const look = rolloutReadBack(uniqueWorkloads(rows.map(({ workload }) => workload)), data);
    return { ...look, message: `${look.message}${passedOverWords(wish, job)}` };
  }
  const error = bad.workload?.syncError;
  if (error) return { state: "broken", message: `The daemon could not apply ${bad.id}: ${error}`, data };
  return {
    state: "otherwise",
    message: `${bad.id} runs ${bad.image || "no such container"}, not ${bad.target}.`,
    data,
  };
}

function upToDate(wish: ReleaseWish, job: FluxJob | undefined): ReadBack {
  const held = (job?.results ?? []).filter(
    ({ status, error }) => status === "skipped" && error !== "image(s) up to date",
  );
  if (wish.kind === "image" && wish.image === allLatestImages && held.length === 0 && job)
    return { state: "as-wanted", message: "Every image was the newest already.", data: job.results };
  return { state: "otherwise", message: "What it changed cannot be read back.", data: job?.results };
}

/** What was to run where: from the job's result, or from the request where that names it. */
function wantedImages(
  wish: ReleaseWish,
  job: FluxJob | undefined,
): { id: string; container: string; target: string }[] {
  const released = (job?.results ?? []).filter(({ status }) => status === "success");
  if (released.length > 0)
    return released.flatMap(({ id, containers }) =>
      containers.map(({ container, target }) => ({ id, container, target })),
    );
  if (wish.kind === "image") return [];
  return Object.entries(wish.updates).flatMap(([id, containers]) =>
    containers.map(({ container, target }) => ({ id, container, target })),
  );
}

/** What was asked for by name and did not take the release, with the reason. */
function passedOverWords(wish: ReleaseWish, job: FluxJob | undefined): string {
  const named = new Set(namedWorkloads(wish) ?? []);
  const held = (job?.results ?? []).filter(
    ({ id, status, error }) =>
      named.has(id) && status !== "success" && error !== "image(s) up to date" && error !== undefined,
  );
  if (held.length === 0) return "";
  return ` Passed over: ${held.map(({ id, error }) => `${id} (${error})`).join(", ")}.`;
}

function byId(workloads: readonly FluxWorkload[]): Map<string, FluxWorkload> {
  return new Map(workloads.map((workload) => [workload.id, workload]));
}

function uniqueWorkloads(workloads: readonly (FluxWorkload | undefined)[]): FluxWorkload[] {
  return [...new Map(workloads.flatMap((each) => (each ? [[each.id, each] as const] : []))).values()];
}
