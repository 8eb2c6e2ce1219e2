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
  const result: ReleaseResult = {};
  for (const one of place.workloads) result[workloadId(one, place.protocol)] = imageResult(place, spec, one);
  return result;
}

function imageResult(place: Place, spec: ImageSpec, one: SimulatedWorkload): WorkloadResult {
  const specific = spec.ImageSpec !== "<all latest>";
  const image = splitReference(spec.ImageSpec).name;
  const concerned = one.containers.filter(({ git }) => !specific || splitReference(git).name === image);
  const refused = refusal(place, spec, one);
  if (refused) return verdict("ignored", refused);
  if (concerned.length === 0) return verdict("ignored", "a different image");
  const held = holding(spec, one);
  if (held) return verdict("skipped", held);
  const updates: ContainerUpdate[] = [];
  for (const { name, git } of concerned) {
    const target = specific ? spec.ImageSpec : newest(place.registry, git, patternOf(one, name));
    if (target !== undefined && target !== git)
      updates.push({ Container: name, Current: git, Target: target });
  }
  return updates.length > 0 ? success(updates) : verdict("skipped", "image(s) up to date");
}

/** Why a workload is none of the release's business. */
function refusal(place: Place, spec: ImageSpec, one: SimulatedWorkload): string | undefined {
  const id = workloadId(one, place.protocol);
  const all = spec.ServiceSpecs.includes("<all>");
  if (!all && !spec.ServiceSpecs.includes(id)) return "not included";
  return spec.Excludes?.includes(id) ? "excluded" : undefined;
}

/** Why a workload that is meant is passed over; force has no effect on locks when all are meant (flux-rpc §3.1.7). */
function holding(spec: ImageSpec, one: SimulatedWorkload): string | undefined {
  const force = spec.Force && !spec.ServiceSpecs.includes("<all>");
  if (isPolicySet(one.policies, "locked") && !force) return "locked";
  if (one.policies.ignore && !force) return "ignore";
  return one.inGit ? undefined : "not found in repository";
}

function newest(registry: Registry, git: string, pattern: string): string | undefined {
  return registry.filtered(splitReference(git).name, pattern)[0]?.ID;
}

/** Works out a release of chosen containers; throws the job's error (flux-rpc §6.3). */
export function containersRelease(place: Place, spec: ContainersSpec): ReleaseResult {
  const result: ReleaseResult = {};
  for (const [id, updates] of Object.entries(spec.ContainerSpecs)) {
    const one = place.workloads.find((each) => workloadId(each, place.protocol) === id);
    result[id] = one ? containersResult(one, updates, spec) : verdict("skipped", "not found in repository");
  }
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
  if (isPolicySet(one.policies, "locked") && !spec.Force) return verdict("skipped", "locked");
  if (!one.inGit) return verdict("skipped", "not found in repository");
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
  for (const { Container, Current, Target } of updates) {
    const container = one.containers.find(({ name }) => name === Container);
    if (!container) missing.push(Container);
    else if (Current !== undefined && Current !== container.git) mismatched.push(Container);
    else if (container.git !== Target) changes.push({ Container, Current: container.git, Target });
  }
  return { missing, mismatched, changes };
}

/** Writes the targets of a result into git. */
export function applyRelease(place: Place, result: ReleaseResult): void {
  for (const one of place.workloads) {
    for (const { Container, Target } of result[workloadId(one, place.protocol)]?.PerContainer ?? []) {
      const container = one.containers.find(({ name }) => name === Container);
      if (container) container.git = Target;
    }
  }
}

function verdict(status: string, reason: string): WorkloadResult {
  return { Status: status, Error: reason, PerContainer: null };
}

function success(PerContainer: ContainerUpdate[]): WorkloadResult {
  return { Status: "success", PerContainer };
}
