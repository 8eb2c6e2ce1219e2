import type { ReleasePreview } from "../../../shared/flux/change-operations.ts";
import { allLatestImages, allWorkloads } from "../../../shared/flux/ids.ts";
import { sameImage } from "../../../shared/flux/image-reference.ts";
import type { Release } from "../../../shared/flux/release.ts";
import type { FluxJob, FluxWorkload, WorkloadResult } from "../../../shared/flux/schema.ts";
import { conflict } from "../../upstream/evidence.ts";
import { joined, sentence } from "../client/foreign-text.ts";
import { refusalHint } from "../client/rows.ts";
import type { ReadBack } from "./change-execution.ts";
import { rolloutReadBack } from "./rollout.ts";

/** The ids that a release names; undefined where it means all. */
export function namedWorkloads(release: Release): string[] | undefined {
  if (release.kind === "containers") return Object.keys(release.updates);
  if (release.workloads === allWorkloads) return undefined;
  return release.workloads.filter((id) => !release.excludes.includes(id));
}

/** By whom and why a workload is locked (flux-rpc §3.1.6). */
function lockMessage({ policies }: Pick<FluxWorkload, "policies">): string {
  const user = policies.locked_user ? ` by ${policies.locked_user}` : "";
  const message = policies.locked_msg ? `: ${policies.locked_msg}` : "";
  return `locked${user}${message}`;
}

/** Throws `conflict` where none of the meant workloads would take the release, with the reasons (flux-rpc §5.4). */
export function requireReleasable(release: Release, workloads: readonly FluxWorkload[]): void {
  const known = byId(workloads);
  const meant = namedWorkloads(release);
  // Of all, only what holds for the daemon as a whole: locks and ignored ones are passed over by itself.
  const refusals = meant
    ? meant.map((id) => refusalOf(id, known.get(id), release))
    : workloads.map(({ id, refusal }) => (refusal ? notChangeable(id, refusal) : undefined));
  const told = refusals.flatMap((refusal) => (refusal ? [refusal] : []));
  if (told.length === 0 || told.length < refusals.length) return;
  const hints = [...new Set(told.map(({ hint }) => hint))].join(" ");
  const reasons = told.slice(0, shownReasons).map(({ reason }) => reason);
  const more = told.length - reasons.length;
  throw conflict(
    `Not released: ${sentence(joined([...reasons, ...(more > 0 ? [`${more} more likewise`] : [])]))}`,
    hints,
  );
}

/** How many reasons a message names. */
const shownReasons = 10;

interface Refusal {
  reason: string;
  hint: string;
}

function refusalOf(id: string, workload: FluxWorkload | undefined, release: Release): Refusal | undefined {
  if (!workload)
    return {
      reason: `${id} is not known to the daemon`,
      hint: "List the workloads: an id is namespace:kind/name.",
    };
  if (workload.refusal) return notChangeable(id, workload.refusal);
  if (workload.ignored) return { reason: `${id} is ${ignoredMessage}`, hint: "Stop ignoring it first." };
  if (workload.locked && !release.force)
    return {
      reason: `${id} is ${lockMessage(workload)}`,
      hint: "Unlock it, or force the release if that is really wanted.",
    };
  return undefined;
}

function notChangeable(id: string, refusal: string): Refusal {
  return { reason: `${id}: ${refusal}`, hint: refusalHint(refusal) };
}

/** A sync does not apply an ignored manifest, and a release does not look into it: only the cluster's copy counts (flux-rpc §3.1.6). */
const ignoredMessage = "ignored in git: a release would be committed and never applied";

/** What the daemon worked out, made readable. */
export function previewOf(
  { release, daemonId }: { release: Release; daemonId: string },
  job: FluxJob,
  workloads: readonly FluxWorkload[],
): ReleasePreview {
  const changing = job.results.filter(({ status }) => status === "success");
  const known = byId(workloads);
  const locks = job.results.flatMap(({ id, error }) => {
    const workload = error === "locked" ? known.get(id) : undefined;
    return workload ? [[id, lockMessage(workload)]] : [];
  });
  return {
    daemonId,
    jobId: job.id,
    results: job.results,
    changes: changing.length,
    diff: diffOf(changing),
    warnings: warningsOf(release, job.results, known),
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

function warningsOf(
  release: Release,
  results: readonly WorkloadResult[],
  workloads: ReadonlyMap<string, FluxWorkload>,
): string[] {
  const warnings: string[] = [];
  if (release.kind === "image" && release.force && release.workloads === allWorkloads)
    warnings.push("Force has no effect on locks when all workloads are meant: name those that are locked.");
  if (release.kind === "image" && release.force && release.image === allLatestImages)
    warnings.push("Force has no effect on tag filters when the newest images are meant.");
  for (const result of results) {
    if (result.status !== "success") continue;
    if (result.error) warnings.push(`${result.id}: ${result.error}`);
    if (workloads.get(result.id)?.ignored) warnings.push(`${result.id} is ${ignoredMessage}.`);
    if (changesNothing(result))
      warnings.push(`${result.id} is pinned by digest: the daemon would commit, and nothing would change.`);
  }
  return warnings;
}

/** An image pinned by digest loses its new tag again (flux-rpc §3.1.2). */
function changesNothing({ containers }: WorkloadResult): boolean {
  return containers.length > 0 && containers.every(({ current, target }) => current === target);
}

/** Holds what runs against what a release was to bring. */
export function releaseReadBack(
  release: Release,
  job: FluxJob | undefined,
  workloads: readonly FluxWorkload[],
  syncErrors: ReadonlyMap<string, string> = new Map(),
): ReadBack {
  const wanted = wantedImages(release, job);
  if (wanted.length === 0) return upToDate(release, job);
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
  const pinned = job?.results.find((result) => result.status === "success" && changesNothing(result));
  if (!bad && pinned)
    return {
      state: "otherwise",
      message: `${pinned.id} is pinned by digest, and nothing changed there: release its containers by name instead.`,
      data,
    };
  if (!bad) {
    const look = rolloutReadBack(uniqueWorkloads(rows.map(({ workload }) => workload)), data);
    return { ...look, message: `${look.message}${passedOverMessage(release, job)}` };
  }
  const error = bad.workload?.syncError || syncErrors.get(bad.id);
  if (error)
    return { state: "broken", message: `The daemon could not apply ${bad.id}: ${sentence(error)}`, data };
  const why = bad.workload?.ignored ? `: it is ignored in git, so the commit is never applied to it` : "";
  return {
    state: "otherwise",
    message: `${bad.id} runs ${bad.image || "no such container"}, not ${bad.target}${why}.`,
    data,
  };
}

function upToDate(release: Release, job: FluxJob | undefined): ReadBack {
  const held = (job?.results ?? []).filter(
    ({ status, error }) => status === "skipped" && error !== "image(s) up to date",
  );
  if (release.kind === "image" && release.image === allLatestImages && held.length === 0 && job)
    return { state: "as-wanted", message: "Every image was the newest already.", data: job.results };
  return { state: "otherwise", message: "What it changed cannot be read back.", data: job?.results };
}

/** What was to run where: from the job's result, or from the request where that names it. */
function wantedImages(
  release: Release,
  job: FluxJob | undefined,
): { id: string; container: string; target: string }[] {
  const released = (job?.results ?? []).filter(({ status }) => status === "success");
  if (released.length > 0)
    return released.flatMap(({ id, containers }) =>
      containers.map(({ container, target }) => ({ id, container, target })),
    );
  if (release.kind === "image") return [];
  return Object.entries(release.updates).flatMap(([id, containers]) =>
    containers.map(({ container, target }) => ({ id, container, target })),
  );
}

/** What was asked for by name and did not take the release, with the reason. */
function passedOverMessage(release: Release, job: FluxJob | undefined): string {
  const named = new Set(namedWorkloads(release) ?? []);
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
