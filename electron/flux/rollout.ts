import type { FluxWorkload } from "../../shared/flux/schema.ts";
import type { ReadBack } from "./change-execution.ts";

/** How workloads do that have their new images: whether that is the end, or is still going on, or cannot succeed (flux-rpc §5.2, watch rollout). */
export function rolloutReadBack(workloads: readonly FluxWorkload[], data: unknown): ReadBack {
  const [only, ...more] = workloads;
  const have =
    only && more.length === 0
      ? `${only.id} has the new image`
      : `${workloads.length} workloads have the new images`;
  const stuck = workloads.find(isStuck);
  if (stuck) {
    const why = stuck.rollout?.messages.join("; ") || "the daemon does not say why";
    return { state: "broken", message: `${have}, but the rollout of ${stuck.id} fails: ${why}`, data };
  }
  const rolling = workloads.find(isRolling);
  if (rolling?.rollout) {
    const { updated, desired } = rolling.rollout;
    const message = `${have}; ${rolling.id} is ${rolling.status}: ${updated} of ${desired} updated.`;
    return { state: "going-on", message, data };
  }
  return { state: "as-wanted", message: `${have}.`, data };
}

/** `started`: what its messages say is of the rollout before. */
function isStuck({ status, rollout }: FluxWorkload): boolean {
  return status === "error" || (status !== "started" && (rollout?.messages.length ?? 0) > 0);
}

/** Daemons before 1.8 call it `updating` to the end, and of a HelmRelease only the operator's words are known (flux-rpc §3.1.5). */
function isRolling({ status, rollout }: FluxWorkload): boolean {
  if (!rollout || (status !== "started" && status !== "updating")) return false;
  const { updated, desired, available, outdated } = rollout;
  return status === "started" || updated < desired || available < desired || outdated > 0;
}
