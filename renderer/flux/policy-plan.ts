import type { InputFor } from "../../shared/catalogue.ts";
import type { FailureData } from "../../shared/contract/index.ts";
import { formatPolicies } from "../../shared/flux/change-operations.ts";
import { formatWorkloads } from "../../shared/flux/release.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

export type PolicyInput = InputFor<"flux.policy.update">;

/** The fields of the form; "leave" changes nothing. */
export interface PolicyPlan {
  automation: "leave" | "on" | "off";
  lock: "leave" | "on" | "off";
  lockMessage: string;
  ignore: "leave" | "true" | "sync_only" | "off";
  /** Container of the tag filter; empty: every container. */
  container: string;
  pattern: string;
}

export const noChange: PolicyPlan = {
  automation: "leave",
  lock: "leave",
  lockMessage: "",
  ignore: "leave",
  container: "",
  pattern: "",
};

/** The changes that the form says; undefined where it says none. */
export function changesOf(plan: PolicyPlan): PolicyInput["changes"] | undefined {
  const pattern = plan.pattern.trim();
  const changes: PolicyInput["changes"] = {
    ...(plan.automation !== "leave" && { automated: plan.automation === "on" }),
    ...(plan.lock !== "leave" && { locked: plan.lock === "on" }),
    ...(plan.lock === "on" && plan.lockMessage.trim() !== "" && { lockMessage: plan.lockMessage.trim() }),
    ...(plan.ignore !== "leave" && { ignore: plan.ignore }),
    ...(pattern !== "" &&
      (plan.container === "" ? { tagAll: pattern } : { tags: { [plan.container]: pattern } })),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/** One change for each daemon; undefined while the form says none. */
export function policyInputs(
  plan: PolicyPlan,
  workloads: readonly WorkloadView[],
  more: { connectionId: string; user: string; message: string },
): PolicyInput[] | undefined {
  const changes = changesOf(plan);
  if (!changes) return undefined;
  const byDaemon = new Map<string, string[]>();
  for (const { daemonId, id } of workloads) byDaemon.set(daemonId, [...(byDaemon.get(daemonId) ?? []), id]);
  return [...byDaemon].map(([daemonId, ids]) => ({ ...more, daemonId, workloads: ids, changes }));
}

/** Says exactly what the button does. */
export function policyLabel(plan: PolicyPlan, workloads: readonly WorkloadView[]): string {
  const changes = changesOf(plan);
  if (!changes) return "Nothing to change";
  const words = formatPolicies(changes as Parameters<typeof formatPolicies>[0]);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${formatWorkloads(workloads.map(({ id }) => id))}`;
}

/** What a failure says of the field with the tag filter. */
export function patternProblem({ details }: FailureData): string | undefined {
  const fields = (details?.fields ?? []) as { path?: string; message?: string }[];
  return fields.find(({ path = "" }) => /^changes\.tag(All$|s\.)/.test(path))?.message;
}
