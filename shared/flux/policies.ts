import { z } from "zod";

/** A policy set: names to values (flux-rpc §3.1.6). */
export type PolicySet = Record<string, string>;

const prefixes = ["glob:", "semver:", "regexp:"] as const;

/** A pattern with its prefix written out: `1.*` is `glob:1.*`, `regex:` is `regexp:` (flux-rpc §3.1.6). */
export function normalPattern(text: string): string {
  if (text.startsWith("regex:")) return `regexp:${text.slice("regex:".length)}`;
  return prefixes.some((prefix) => text.startsWith(prefix)) ? text : `glob:${text}`;
}

/** The pattern that lets every tag pass. */
const everyTag = "glob:*";

const tagPatternSchema = z
  .string()
  .trim()
  .min(1, "a pattern is needed; * lets every tag pass")
  .max(500)
  .transform(normalPattern)
  .superRefine((pattern, context) => {
    const problem = patternProblem(pattern);
    if (problem) context.addIssue(problem);
  });

function patternProblem(pattern: string): string | undefined {
  const body = pattern.slice(pattern.indexOf(":") + 1);
  if (body === "") return `${pattern} has nothing after its prefix`;
  if (pattern.startsWith("semver:") && !/^[\w\s.,*<>=!~^|+-]+$/.test(body))
    return "semver: takes a range such as ~2.4 or >=1.2 <2";
  return undefined;
}

const changesShape = z.object({
  automated: z.boolean().optional(),
  locked: z.boolean().optional(),
  lockMessage: z.string().max(1_000).optional().describe("Why it is locked; only with `locked`."),
  ignore: z.enum(["true", "sync_only", "off"]).optional(),
  tags: z
    .record(z.string().min(1), tagPatternSchema)
    .optional()
    .describe("Tag filter per container; `*` removes it."),
  tagAll: tagPatternSchema.optional().describe("Tag filter for every container; `*` removes them."),
});
export type PolicyChanges = z.infer<typeof changesShape>;

/** What an operator wants to change; what is absent stays. */
export const policyChangesSchema = changesShape.refine(
  (changes) => {
    const { add, remove } = wireChanges(changes, "");
    return Object.keys(add).length + Object.keys(remove).length > 0;
  },
  { message: "say what to change" },
);

/** What is added and removed on the wire (flux-rpc §5.2). */
export interface WirePolicyChanges {
  add: PolicySet;
  remove: PolicySet;
}

/** The changes as the daemon takes them; a lock names its user and reason. */
export function wireChanges(changes: PolicyChanges, user: string): WirePolicyChanges {
  const add: PolicySet = {};
  const remove: PolicySet = {};
  if (changes.automated !== undefined) (changes.automated ? add : remove).automated = "true";
  if (changes.locked === true) Object.assign(add, lockPolicies(user, changes.lockMessage));
  if (changes.locked === false)
    Object.assign(remove, { locked: "true", locked_msg: "true", locked_user: "true" });
  if (changes.ignore) (changes.ignore === "off" ? remove : add).ignore = ignoreValue[changes.ignore];
  for (const [container, pattern] of Object.entries(changes.tags ?? {})) {
    if (pattern === everyTag) remove[`tag.${container}`] = "true";
    else add[`tag.${container}`] = pattern;
  }
  if (changes.tagAll) add.tag_all = changes.tagAll;
  return { add, remove };
}

const ignoreValue = { true: "true", sync_only: "sync_only", off: "true" };

function lockPolicies(user: string, message = ""): PolicySet {
  return {
    locked: "true",
    ...(user && { locked_user: user }),
    // fluxctl drops the reason where it knows no user; here somebody has written it.
    ...((user || message) && { locked_msg: message }),
  };
}

/** The policies of a workload after a change, as the daemon would write them; `tag_all` reaches every container. */
export function policiesAfter(
  now: Readonly<PolicySet>,
  { add, remove }: WirePolicyChanges,
  containers: readonly string[],
): PolicySet {
  const after: PolicySet = { ...now };
  for (const name of Object.keys(remove)) delete after[name];
  for (const [name, value] of Object.entries(add)) {
    if (name !== "tag_all") after[name] = value;
    else
      for (const container of containers) {
        if (value === everyTag) delete after[`tag.${container}`];
        else after[`tag.${container}`] = value;
      }
  }
  return after;
}
