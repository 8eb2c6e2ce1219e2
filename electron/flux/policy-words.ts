import { z } from "zod";

const names = z
  .union([z.record(z.string(), z.unknown()), z.array(z.string())])
  .nullish()
  .catch(undefined)
  .transform((set) => (Array.isArray(set) ? set : Object.keys(set ?? {})));

const policySpec = z.object({
  type: z.literal("policy"),
  spec: z.record(z.string(), z.object({ add: names, remove: names }).catch({ add: [], remove: [] })),
});

/** What a policy change did, in a few words; empty for a request of another kind (flux-rpc §3.1.6, §3.1.7). */
export function policyWordsOf(spec: unknown): string {
  const parsed = policySpec.safeParse(spec);
  if (!parsed.success) return "";
  const words = Object.values(parsed.data.spec).flatMap(({ add, remove }) => [
    ...add.map((name) => wordOf(name, true)),
    ...remove.map((name) => wordOf(name, false)),
  ]);
  return [...new Set(words)].filter((word) => word !== "").join(", ");
}

function wordOf(name: string, added: boolean): string {
  if (name === "automated") return added ? "automate" : "deautomate";
  if (name === "locked") return added ? "lock" : "unlock";
  if (name === "ignore") return added ? "ignore" : "stop ignoring";
  return name.startsWith("tag.") || name === "tag_all" ? "filter tags" : "";
}
