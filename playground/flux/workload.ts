import type { PolicySet } from "./wire-types.ts";

/** One workload: what git says of it, and what runs. */
export interface SimulatedWorkload {
  namespace: string;
  kind: string;
  name: string;
  containers: { name: string; git: string; running: string }[];
  /** From the manifests in git; lists and policy jobs know these. */
  policies: PolicySet;
  /** From the live object, which a sync makes like git's unless either says ignore; releases ask these for ignore (flux-rpc §3.1.6). */
  live: PolicySet;
  inGit: boolean;
  /** Whether the cluster has it; what never could be applied is in no list. */
  exists: boolean;
  /** The Helm operator's word for a HelmRelease. */
  helmStatus: string;
  /** Flux's own label, from the first sync on. */
  gcMark: string;
  replicas: number;
  /** Replicas that run the newest spec. */
  updated: number;
  messages: string[];
  /** In kubectl's words, why it cannot be applied. */
  syncError: string;
  antecedent: string;
  labels: PolicySet | null;
}

/** A workload with what is usual left out. */
export function workload(
  id: string,
  images: Record<string, string>,
  more: Partial<SimulatedWorkload> = {},
): SimulatedWorkload {
  const match = /^([^:]+):([^/]+)\/(.+)$/.exec(id);
  if (!match) throw new Error(`${id} is no workload id`);
  const replicas = more.replicas ?? 2;
  return {
    namespace: match[1] as string,
    kind: match[2] as string,
    name: match[3] as string,
    containers: Object.entries(images).map(([name, image]) => ({ name, git: image, running: image })),
    policies: {},
    live: { ...more.policies },
    inGit: true,
    exists: true,
    helmStatus: "",
    gcMark: "",
    replicas,
    updated: replicas,
    messages: [],
    syncError: "",
    antecedent: "",
    labels: null,
    ...more,
  };
}

/** The id as this version writes it: `namespace/service` before V8 (flux-rpc §0). */
export function workloadId({ namespace, kind, name }: SimulatedWorkload, protocol: number): string {
  return protocol < 8 ? `${namespace}/${name}` : `${namespace}:${kind}/${name}`;
}

/** The tag filter of a container. */
export function patternOf({ policies }: SimulatedWorkload, container: string): string {
  return policies[`tag.${container}`] ?? "glob:*";
}

/** Whether neither git nor the live object says that a sync leaves it alone. */
export function isSynced({ policies, live }: SimulatedWorkload): boolean {
  return !isPolicySet(policies, "ignore") && !isPolicySet(live, "ignore");
}

export function isPolicySet(policies: PolicySet, name: string): boolean {
  return policies[name] === "true";
}
