import type { Registry } from "./registry.ts";
import { splitReference } from "./registry.ts";
import type {
  ContainersSpec,
  ContainerUpdate,
  ImageSpec,
  ReleaseResult,
  WorkloadResult,
} from "./wire-types.ts";
import { isPolicySet, patternOf, type SimulatedWorkload, workloadId } from "./workload.ts";

interface Place {
  workloads: readonly SimulatedWorkload[];
  registry: Registry;
  protocol: number;
}

const idPattern = /^((<cluster>|[\w-]+):[\w-]+\/[\w.:-]+|[\w-]+\/[\w-]+)$/;

/** Works out a release of one image or of the newest ones; throws the job's error (flux-rpc §3.1.8, §6.3). */
export function imageRelease(place: Place, spec: ImageSpec): ReleaseResult {
  for (const id of [...spec.ServiceSpecs, ...(spec.Excludes ?? [])]) {
    if (id !== "<all>" && !idPattern.test(id)) throw new Error(`parsing ${id}: invalid service ID`);
  }
  const specific = spec.ImageSpec !== "<all latest>";
  if (specific && !place.registry.has(spec.ImageSpec))
    throw new Error(`image "${spec.ImageSpec}" does not exist: invalid image ID`);
  const result = forAllInGit(place, (one, id) => imageResult(place, spec, { one, id }));
  for (const id of spec.ServiceSpecs)
    if (id !== "<all>") result[id] ??= verdict("skipped", "not found in repository");
  return result;
}

/** A result names every workload in git (flux-rpc §3.1.8). */
function forAllInGit(
  { workloads, protocol }: Place,
  judge: (one: SimulatedWorkload, id: string) => WorkloadResult,
): ReleaseResult {
  const inGit = workloads.filter((one) => one.inGit).map((one) => [workloadId(one, protocol), one] as const);
  return Object.fromEntries(
    inGit.sort(([left], [right]) => (left < right ? -1 : 1)).map(([id, one]) => [id, judge(one, id)]),
  );
}

function imageResult(
  place: Place,
  spec: ImageSpec,
  { one, id }: { one: SimulatedWorkload; id: string },
): WorkloadResult {
  const all = spec.ServiceSpecs.includes("<all>");
  if (spec.Excludes?.includes(id)) return verdict("ignored", "excluded");
  if (!all && !spec.ServiceSpecs.includes(id)) return verdict("ignored", "not included");
  const specific = spec.ImageSpec !== "<all latest>";
  if (!one.exists) return verdict(specific ? "ignored" : "skipped", "not accessible in cluster");
  const image = splitReference(spec.ImageSpec).name;
  if (specific && !one.containers.some(({ running }) => splitReference(running).name === image))
    return verdict("ignored", "a different image");
  const held = holding(one, spec.Force && !all);
  return held ? verdict("skipped", held) : chosenImages(place, spec, one);
}

/** Why a workload that is meant is passed over; the lock is git's, and ignore the live object's (flux-rpc §3.1.6). */
function holding(one: SimulatedWorkload, force: boolean): string | undefined {
  if (force) return undefined;
  if (isPolicySet(one.policies, "locked")) return "locked";
  return isPolicySet(one.live, "ignore") ? "ignore" : undefined;
}

/** Of several containers the last one without an update decides (flux-rpc §3.1.8). */
function chosenImages({ registry }: Place, spec: ImageSpec, one: SimulatedWorkload): WorkloadResult {
  const updates: ContainerUpdate[] = [];
  let reason = "does not use image(s)";
  for (const { name, running } of one.containers) {
    const target = targetOf(registry, spec, { running, pattern: patternOf(one, name) });
    if (target === undefined) continue;
    if (!registry.has(target)) reason = "cannot find one or more images";
    else if (target === running) reason = "image(s) up to date";
    // The new tag is put beside the digest, which wins (flux-rpc §3.1.2).
    else
      updates.push({ Container: name, Current: running, Target: running.includes("@") ? running : target });
  }
  if (updates.length > 0) return success(updates);
  return verdict(reason === "does not use image(s)" ? "ignored" : "skipped", reason);
}

/** The image that a container is to have; undefined where the release is none of its business. */
function targetOf(
  registry: Registry,
  { ImageSpec: image }: ImageSpec,
  { running, pattern }: { running: string; pattern: string },
): string | undefined {
  const { name } = splitReference(running);
  if (image === "<all latest>") return registry.filtered(name, pattern)[0]?.ID;
  return splitReference(image).name === name ? image : undefined;
}

/** Works out a release of chosen containers; throws the job's error (flux-rpc §6.3). */
export function containersRelease(place: Place, spec: ContainersSpec): ReleaseResult {
  const result = forAllInGit(place, (one, id) => {
    const updates = spec.ContainerSpecs[id];
    return updates ? containersResult(one, updates, spec) : verdict("ignored", "not included");
  });
  const all = Object.values(result);
  if (all.some(({ Status }) => Status === "failed")) throw new Error("cannot satisfy specs");
  if (!all.some(({ Status }) => Status === "success")) throw new Error("no changes found");
  return result;
}

function containersResult(
  one: SimulatedWorkload,
  updates: ContainerUpdate[],
  spec: ContainersSpec,
): WorkloadResult {
  if (!one.exists) return verdict("skipped", "not accessible in cluster");
  const held = holding(one, spec.Force);
  if (held) return verdict("skipped", held);
  const { missing, mismatched, changes } = judgeUpdates(one, updates);
  if (missing.length > 0) return verdict("failed", `container(s) not found: ${missing.join(", ")}`);
  const mismatch = `container(s) tag mismatch: ${mismatched.join(", ")}`;
  const mismatches = mismatched.length > 0;
  if (mismatches && !spec.SkipMismatches) return verdict("failed", mismatch);
  if (changes.length === 0) return verdict("skipped", mismatches ? mismatch : "image(s) up to date");
  return mismatches ? { ...success(changes), Error: mismatch } : success(changes);
}

function judgeUpdates(one: SimulatedWorkload, updates: ContainerUpdate[]) {
  const missing: string[] = [];
  const mismatched: string[] = [];
  const changes: ContainerUpdate[] = [];
  for (const { Container, Current = "", Target } of updates) {
    const container = one.containers.find(({ name }) => name === Container);
    if (!container) missing.push(Container);
    else if (Current !== "" && Current !== container.running) mismatched.push(Container);
    else if (container.running !== Target) changes.push({ Container, Current, Target });
  }
  return { missing, mismatched, changes };
}

/** Whether the git note of such a release can be read back (flux-rpc §3.1.7). */
export function isPoisonous(result: ReleaseResult): boolean {
  return Object.values(result).some(({ PerContainer }) =>
    PerContainer?.some(({ Current = "" }) => Current === ""),
  );
}

/** Writes the targets of a result into git; says whether that changed anything. */
export function applyRelease(place: Pick<Place, "workloads" | "protocol">, result: ReleaseResult): boolean {
  let changed = false;
  for (const one of place.workloads) {
    for (const { Container, Target } of result[workloadId(one, place.protocol)]?.PerContainer ?? []) {
      const container = one.containers.find(({ name }) => name === Container);
      if (!container || container.git === Target) continue;
      container.git = Target;
      changed = true;
    }
  }
  return changed;
}

function verdict(status: string, reason: string): WorkloadResult {
  return { Status: status, Error: reason, PerContainer: null };
}

function success(PerContainer: ContainerUpdate[]): WorkloadResult {
  return { Status: "success", PerContainer };
}
