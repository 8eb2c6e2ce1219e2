import { z } from "zod";

const names = z
  .union([z.record(z.string(), z.unknown()), z.array(z.string())])
  .nullish()
  .catch(undefined)
  .transform((set): [name: string, value: unknown][] =>
    Array.isArray(set) ? set.map((name) => [name, "true"]) : Object.entries(set ?? {}),
  );

const policySpec = z.object({
  type: z.literal("policy"),
  spec: z.record(z.string(), z.object({ add: names, remove: names }).catch({ add: [], remove: [] })),
});

/** What a policy change did, in a few words; empty for a request of another kind (flux-rpc §3.1.6, §3.1.7). */
export function policyMessageOf(spec: unknown): string {
  const parsed = policySpec.safeParse(spec);
  if (!parsed.success) return "";
  const words = Object.values(parsed.data.spec).flatMap(({ add, remove }) => [
    ...add.map(([name, value]) => wordOf(name, value)),
    ...remove.map(([name]) => wordOf(name, undefined)),
  ]);
  return [...new Set(words)].filter((word) => word !== "").join(", ");
}

/** `value` of what is removed: undefined. */
function wordOf(name: string, value: unknown): string {
  const added = value !== undefined;
  if (name === "ignore" && value === "sync_only") return "turn off garbage collection";
  if (name === "automated") return added ? "automate" : "deautomate";
  if (name === "locked") return added ? "lock" : "unlock";
  if (name === "ignore") return added ? "ignore" : "stop ignoring";
  return name.startsWith("tag.") || name === "tag_all" ? "filter tags" : "";
}
