import type { WorkloadResult } from "../../../shared/flux/schema.ts";

/**
 * Whether the git note of a release cannot be read back by the daemon that wrote it: an update without `Current` is written
 * as an empty reference, and from then on no sync completes any more (flux-rpc §3.1.7).
 */
export function poisonsNotes(spec: unknown, results: readonly WorkloadResult[]): boolean {
  const changed = results.filter(({ status }) => status === "success");
  return (
    changed.some(({ containers }) => containers.some(({ current }) => current === undefined)) ||
    updatesOf(spec).some((update) => !hasCurrent(update))
  );
}

/** The updates of a `containers` release, as somebody else may have written them. */
function updatesOf(spec: unknown): unknown[] {
  const { type, spec: body } = (spec ?? {}) as { type?: unknown; spec?: { ContainerSpecs?: unknown } | null };
  const updates = type === "containers" ? body?.ContainerSpecs : undefined;
  return typeof updates === "object" && updates !== null ? Object.values(updates).flat() : [];
}

function hasCurrent(update: unknown): boolean {
  const current = (update as { Current?: unknown } | null)?.Current;
  return typeof current === "string" && current !== "";
}

/** What is wrong, and the cure, which nobody but somebody with a clone has. */
export function poisonedWarning(revision: string): string {
  return `Its syncs do not complete any more: it cannot read back its own git note of commit ${revision.slice(0, 8)}, a release of a container without the image that it ran. What is committed is applied, but never counted as applied, and no sync or release is told. In a clone: git fetch origin refs/notes/flux:refs/notes/flux; git notes --ref=flux remove ${revision}; git push origin refs/notes/flux`;
}
