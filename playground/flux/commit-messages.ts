import type { PolicySpec, ReleaseResult, UpdateSpec } from "./wire-types.ts";

/** The subject of the commit that a job makes (flux-rpc §3.1.7). */
export function commitMessage(spec: UpdateSpec, result: ReleaseResult): string {
  if (spec.cause.Message !== "") return spec.cause.Message;
  if (spec.type === "image") {
    const { ImageSpec: image, ServiceSpecs: ids } = spec.spec;
    const what = image === "<all latest>" ? "all latest" : image;
    return `Release ${what} to ${ids.includes("<all>") ? "all" : ids.join(", ")}`;
  }
  if (spec.type === "policy") return policyMessage(spec.spec);
  const changed = Object.keys(result).filter((id) => result[id]?.Status === "success");
  return `Update image refs in ${changed.join(", ")}`;
}

const addMessages: Record<string, string> = { automated: "Automated", locked: "Locked" };
const removeMessages: Record<string, string> = { automated: "Deautomated", locked: "Unlocked" };

/** Every workload of the request is named, also one that nothing changed of. */
function policyMessage(spec: PolicySpec): string {
  const lines = new Map<string, string[]>();
  for (const [id, { add, remove }] of Object.entries(spec)) {
    const words = [
      ...Object.keys(add ?? {}).map((name) => addMessages[name] ?? "Updated policies"),
      ...Object.keys(remove ?? {}).map((name) => removeMessages[name] ?? "Updated policies"),
    ];
    for (const word of new Set(words)) lines.set(word, [...(lines.get(word) ?? []), id]);
  }
  const [only, ...more] = lines;
  return only && more.length === 0 ? `${only[0]}: ${only[1].join(", ")}` : "Updated workload policies";
}
