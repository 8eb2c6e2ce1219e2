import type { FluxWorkload } from "../../../shared/flux/schema.ts";
import { sentence } from "../client/foreign-text.ts";
import type { ReadBack } from "./change-execution.ts";

/** How workloads do that have their new images: whether that is the end, or is still going on, or cannot succeed (flux-rpc §5.2, watch rollout). */
export function rolloutReadBack(workloads: readonly FluxWorkload[], data: unknown): ReadBack {
  const [only, ...more] = workloads;
  const have =
    only && more.length === 0
      ? `${only.id} has the new image`
      : `${workloads.length} workloads have the new images`;
  const helm = helmReadBack(workloads, have, data);
  if (helm) return helm;
  const stuck = workloads.find(isStuck);
  if (stuck) {
    const why = stuck.rollout?.messages.join("; ") || "the daemon does not say why";
    return {
      state: "broken",
      message: `${have}, but the rollout of ${stuck.id} fails: ${sentence(why)}`,
      data,
    };
  }
  const rolling = workloads.find(isRolling);
  if (rolling?.rollout) {
    const { updated, desired } = rolling.rollout;
    const message = `${have}; ${rolling.id} is ${rolling.status}: ${updated} of ${desired} updated.`;
    return { state: "going-on", message, data };
  }
  return { state: "as-wanted", message: `${have}.`, data };
}

const helmKinds: ReadonlySet<string> = new Set(["helmrelease", "fluxhelmrelease"]);

/**
 * The image of a HelmRelease is what was asked for, and not what runs: only the Helm operator's word says how it went, and
 * only `deployed` says that it went well (flux-rpc §3.1.5). What it says at first may be of the release before.
 */
function helmReadBack(workloads: readonly FluxWorkload[], have: string, data: unknown): ReadBack | undefined {
  const releases = workloads.filter(({ kind }) => helmKinds.has(kind));
  const failed = releases.find(({ status }) => status === "failed");
  const open = releases.find(({ status }) => status !== "deployed");
  if (failed) {
    const message = `${have}, but the Helm operator says that ${failed.id} failed: look at its log.`;
    return { state: "failing", message, data };
  }
  if (!open) return undefined;
  const word = open.status === "" ? "nothing" : `"${open.status}"`;
  const message = `${have}; the Helm operator says ${word} of ${open.id}, which does not prove that it is deployed.`;
  return { state: "going-on", message, data };
}

/** `started`: what its messages say is of the rollout before. */
function isStuck({ status, rollout }: FluxWorkload): boolean {
  return status === "error" || (status !== "started" && (rollout?.messages.length ?? 0) > 0);
}

/** Daemons before 1.8 call it `updating` to the end (flux-rpc §3.1.5). */
function isRolling({ status, rollout }: FluxWorkload): boolean {
  if (!rollout || (status !== "started" && status !== "updating")) return false;
  const { updated, desired, available, outdated } = rollout;
  return status === "started" || updated < desired || available < desired || outdated > 0;
}
