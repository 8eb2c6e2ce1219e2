import type { PolicySet, PolicySpec, ReleaseResult } from "./wire-types.ts";
import { type SimulatedWorkload, workloadId } from "./workload.ts";

/** An edit that failed; the job keeps spec and result (flux-rpc §6.3). */
export class PolicyError extends Error {
  constructor(
    message: string,
    readonly result: ReleaseResult,
  ) {
    super(message);
  }
}

/** Changes policies in git; says for each workload whether anything changed (flux-rpc §6.3). */
export function applyPolicies(
  place: { workloads: readonly SimulatedWorkload[]; protocol: number },
  spec: PolicySpec,
): ReleaseResult {
  const result: ReleaseResult = {};
  for (const [id, update] of Object.entries(spec)) {
    const one = place.workloads.find((each) => workloadId(each, place.protocol) === id);
    // A workload that is not in git is skipped without a word (flux-rpc §7, trap 14).
    if (!one?.inGit) {
      result[id] = { Status: "skipped", PerContainer: null };
      continue;
    }
    const after = changed(one, update, id);
    const same = JSON.stringify(sorted(after)) === JSON.stringify(sorted(one.policies));
    result[id] = { Status: same ? "skipped" : "success", PerContainer: null };
    one.policies = after;
  }
  return result;
}

function changed(one: SimulatedWorkload, update: PolicySpec[string], id: string): PolicySet {
  const after = { ...one.policies };
  for (const name of Object.keys(update.remove ?? {})) delete after[name];
  for (const [name, value] of Object.entries(update.add ?? {})) {
    if (name.startsWith("tag") && !isPattern(value)) throw patternError(id, value);
    if (name === "tag_all") filterAll(after, one, value);
    else after[name] = value;
  }
  return after;
}

function filterAll(policies: PolicySet, one: SimulatedWorkload, pattern: string): void {
  for (const { name } of one.containers) {
    if (pattern === "glob:*") delete policies[`tag.${name}`];
    else policies[`tag.${name}`] = pattern;
  }
}

function patternError(id: string, pattern: string): PolicyError {
  const reason = `invalid tag pattern: "${pattern}"`;
  return new PolicyError(reason, { [id]: { Status: "failed", Error: reason, PerContainer: null } });
}

function isPattern(value: string): boolean {
  if (value.startsWith("semver:")) return /^semver:[\d\s.xX*~^<>=,|-]+$/.test(value);
  if (!value.startsWith("regexp:")) return true;
  try {
    return new RegExp(value.slice(7)) !== undefined;
  } catch {
    return false;
  }
}

function sorted(policies: PolicySet): [string, string][] {
  return Object.entries(policies).sort();
}
