import { find, type Json } from "../../../playground/flux/testing/recorded-calls.ts";
import { asHere } from "./real-names.ts";

interface Row {
  ID: string;
  Containers: { Name: string; Current: { ID: string } }[];
  Policies: Record<string, string>;
}

/** The workloads of the recorded cluster, in the order in which they were listed. */
export function recordedRows(): Row[] {
  const { response } = find("ListServices", (_, text) => text.includes("ledger"));
  return (response.result as { Result: Row[] }).Result;
}

/** A repository with a manifest for each recorded workload but the one that the daemon makes itself. */
export function recordedManifests(): Record<string, string> {
  const rows = asHere(recordedRows(), "").filter(({ ID }) => ID !== "shop:deployment/checkout");
  return Object.fromEntries(rows.map((row) => [`${row.ID.split("/")[1]}.yaml`, manifestOf(row)]));
}

const versions: Record<string, readonly [apiVersion: string, kind: string]> = {
  cronjob: ["batch/v1beta1", "CronJob"],
  daemonset: ["apps/v1", "DaemonSet"],
  deployment: ["apps/v1", "Deployment"],
  helmrelease: ["helm.fluxcd.io/v1", "HelmRelease"],
  statefulset: ["apps/v1", "StatefulSet"],
};

/** JSON is YAML too, but for the images, which the daemon's editor looks for as most people write them. */
function manifestOf({ ID, Containers, Policies }: Row): string {
  const [, , kind = "", name = ""] = /^(.*):(.*)\/(.*)$/.exec(ID) ?? [];
  const [apiVersion, kindName] = versions[kind] ?? [];
  const policies = Object.entries(Policies).map(([key, value]) => [`fluxcd.io/${key}`, value]);
  const metadata = { name, namespace: "shop", annotations: Object.fromEntries(policies) };
  const manifest = { apiVersion, kind: kindName, metadata, spec: specOf(kind, Containers) };
  return `${JSON.stringify(manifest, null, 2).replace(/"image": "([^"]+)"/g, "image: $1")}\n`;
}

function specOf(kind: string, containers: Row["Containers"]): Json {
  if (kind === "helmrelease") {
    const [[, image] = [], ...others] = containers.map(({ Name, Current }) => [Name, Current.ID] as const);
    const values = others.map(([name, each]) => [name, { image: each }] as const);
    return { values: { image, ...Object.fromEntries(values) } };
  }
  const listed = containers.map(({ Name: name, Current: { ID: image } }) => ({ name, image }));
  const isFirst = ({ name }: { name: string }): boolean => name.startsWith("init-");
  const spec = {
    containers: listed.filter((each) => !isFirst(each)),
    initContainers: listed.filter(isFirst),
  };
  const template = { template: { spec } };
  return kind === "cronjob" ? { jobTemplate: { spec: template } } : template;
}
