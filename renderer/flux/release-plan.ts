import type { InputFor } from "../../shared/catalogue.ts";
import type { ReleasePreview } from "../../shared/flux/change-operations.ts";
import { allLatestImages, allWorkloads } from "../../shared/flux/ids.ts";
import { formatQuantity } from "../ui/format.ts";

export type ReleaseInput = InputFor<"flux.release">;

/** What is to be released at one daemon: all of its workloads, or some. */
export interface ReleaseTarget {
  daemonId: string;
  daemonName: string;
  protocol: number;
  /** Undefined: all. */
  workloads: readonly string[] | undefined;
}

/** The fields of the form. */
export interface ReleasePlan {
  what: "newest" | "image";
  image: string;
  excludes: readonly string[];
  force: boolean;
}

/** One release for each daemon; undefined while the form is not complete. */
export function releaseInputs(
  plan: ReleasePlan,
  targets: readonly ReleaseTarget[],
  more: { connectionId: string; user: string; message: string },
): ReleaseInput[] | undefined {
  const image = plan.what === "newest" ? allLatestImages : plan.image.trim();
  if (image === "") return undefined;
  return targets.map(({ daemonId, workloads }) => ({
    ...more,
    daemonId,
    release: {
      kind: "image",
      workloads: workloads ? [...workloads] : allWorkloads,
      image,
      excludes: [...plan.excludes],
      force: plan.force,
    },
  }));
}

/** Names one container of one preview, to tick it. */
export function tickKey(daemonId: string, workloadId: string, container: string): string {
  return `${daemonId} ${workloadId} ${container}`;
}

/**
 * What is sent after a dry run: the same request where everything stays ticked; otherwise exactly the ticked containers,
 * copied unchanged with what they run now as the condition (flux-rpc §5.2, interactive release).
 */
export function tickedInputs(
  inputs: readonly ReleaseInput[],
  previews: readonly (ReleasePreview | undefined)[],
  unticked: ReadonlySet<string>,
): ReleaseInput[] {
  return inputs.flatMap((input, index) => {
    const changing = (previews[index]?.results ?? []).filter(({ status }) => status === "success");
    if (changing.length === 0) return [];
    const kept = changing.map(({ id, containers }) => ({
      id,
      containers: containers.filter(({ container }) => !unticked.has(tickKey(input.daemonId, id, container))),
    }));
    const count = (list: typeof kept) => list.reduce((sum, { containers }) => sum + containers.length, 0);
    if (count(kept) === count(changing)) return [input];
    const updates = Object.fromEntries(
      kept.filter(({ containers }) => containers.length > 0).map(({ id, containers }) => [id, containers]),
    );
    if (Object.keys(updates).length === 0) return [];
    const force = input.release.force ?? false;
    return [{ ...input, release: { kind: "containers" as const, updates, skipMismatches: false, force } }];
  });
}

/** Says exactly what the button does. */
export function releaseLabel(
  inputs: readonly ReleaseInput[] | undefined,
  previews: readonly (ReleasePreview | undefined)[],
  names: ReadonlyMap<string, string>,
): string {
  const [first] = inputs ?? [];
  if (!inputs || !first) return "Nothing to release";
  const changes = inputs.reduce((sum, input) => sum + changesOf(input, previews), 0);
  const where =
    inputs.length === 1 ? (names.get(first.daemonId) ?? first.daemonId) : `${inputs.length} daemons`;
  return `Release ${formatQuantity(changes, "workload")} at ${where}`;
}

function changesOf(
  { daemonId, release }: ReleaseInput,
  previews: readonly (ReleasePreview | undefined)[],
): number {
  if (release.kind === "containers") return Object.keys(release.updates).length;
  return previews.find((preview) => preview?.daemonId === daemonId)?.changes ?? 0;
}
