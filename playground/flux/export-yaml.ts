import type { SimulatedWorkload } from "./workload.ts";

/** The cluster's workloads as YAML documents, with what the cluster itself adds (flux-rpc §3.4). */
export function exportYaml(workloads: readonly SimulatedWorkload[]): string {
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];
  return [...namespaces.map(namespaceDocument), ...workloads.map(workloadDocument)].join("---\n");
}

function namespaceDocument(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\nstatus:\n  phase: Active\n`;
}

function workloadDocument(one: SimulatedWorkload): string {
  const containers = one.containers.map(
    ({ name, running }) => `      - name: ${name}\n        image: ${running}\n`,
  );
  return [
    `apiVersion: apps/v1\nkind: ${one.kind === "statefulset" ? "StatefulSet" : "Deployment"}\n`,
    `metadata:\n  name: ${one.name}\n  namespace: ${one.namespace}\n  uid: 00000000-0000-0000-0000-000000000000\n`,
    `  annotations:\n    deployment.kubernetes.io/revision: "7"\n    team: payments\n`,
    `spec:\n  replicas: ${one.replicas}\n  template:\n    metadata:\n      creationTimestamp: null\n`,
    `      labels: {app: ${one.name}}\n    spec:\n      containers:\n`,
    ...containers,
    `status:\n  readyReplicas: ${one.updated}\n`,
  ].join("");
}
