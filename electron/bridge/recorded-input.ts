import { z } from "zod";
import { invalidInput, type Operation } from "../../shared/contract/index.ts";

type Issue = z.core.$ZodIssue;

/** What such an issue complains of is what a value says, and not what kind of value it is. */
const ruleCodes: ReadonlySet<Issue["code"]> = new Set([
  "custom",
  "invalid_format",
  "not_multiple_of",
  "too_big",
  "too_small",
  "unrecognized_keys",
]);

/**
 * The input of a command that was carried out, as its handler takes it. Rules are for what is new: what was allowed when it
 * was sent can be asked about, whatever is allowed today. Throws `invalid_input` where it is no input of this operation,
 * which a verdict would judge by fields that it does not have.
 */
export function recordedInput({ input: schema }: Operation, recorded: unknown): unknown {
  const whole = schema.safeParse(recorded);
  if (whole.success) return whole.data;
  if (!(schema instanceof z.ZodObject) || !whole.error.issues.every(isRule)) throw invalidInput(whole.error);
  const fields = recorded as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) => {
      const read = field.safeParse(fields[name]);
      const value = read.success ? read.data : fields[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function isRule(issue: Issue): boolean {
  if (issue.code === "invalid_union") return issue.errors.some((branch) => branch.every(isRule));
  if (issue.code === "invalid_key" || issue.code === "invalid_element") return issue.issues.every(isRule);
  return ruleCodes.has(issue.code);
}
