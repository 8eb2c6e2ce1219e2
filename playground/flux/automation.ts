import { autoSpec, commitEvent } from "./daemon-events.ts";
import type { DaemonState } from "./daemon-state.ts";
import { applyRelease, imageRelease } from "./releases.ts";
import type { ReleaseResult } from "./wire-types.ts";
import { isPolicySet, isSynced, workloadId } from "./workload.ts";

/** Releases what is newer to automated workloads, as the daemon does by itself, and tells of the commit. */
export async function automate(state: DaemonState, post: (event: unknown) => Promise<void>): Promise<void> {
  const automated = state.workloads.filter((one) => isPolicySet(one.policies, "automated") && isSynced(one));
  if (automated.length === 0) return;
  const result = imageRelease(state, {
    ServiceSpecs: automated.map((one) => workloadId(one, state.protocol)),
    ImageSpec: "<all latest>",
    Kind: "execute",
    Excludes: null,
    Force: false,
  });
  // What has no newer image is as little part of it as what is not automated.
  for (const [id, { Status }] of Object.entries(result))
    if (Status !== "success") result[id] = { Status: "ignored", Error: "not included", PerContainer: null };
  if (!applyRelease(state, result)) return;
  const { revision } = state.repository.commit(autoMessage(result), {
    jobId: "",
    type: "autorelease",
    spec: undefined,
    result,
    cause: { Message: "", User: "" },
  });
  // Nobody waits for it: a commit that could not be told comes with the next sync.
  await post(commitEvent(revision, { spec: autoSpec(result), result }, new Date().toISOString())).catch(
    () => undefined,
  );
}

function autoMessage(result: ReleaseResult): string {
  const images = new Set(
    Object.values(result).flatMap(({ PerContainer }) => (PerContainer ?? []).map(({ Target }) => Target)),
  );
  const [only, ...more] = images;
  return more.length === 0 ? `Auto-release ${only}` : `Auto-release multiple (${images.size}) images`;
}
