import { newWorkloadIdSchema } from "../../shared/lattice/schema.ts";

/** What is wrong with an id for something new; one that runs already is what it is. */
export function newIdProblem(id: string, known: ReadonlySet<string>): string | undefined {
  const issue = newWorkloadIdSchema.safeParse(id).error?.issues[0];
  return issue && !known.has(id) ? sentence(issue.message) : undefined;
}

export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
