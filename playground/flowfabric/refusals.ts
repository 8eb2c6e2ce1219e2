import { isUuid } from "./fields.ts";
import { laneProblem, parseExecutionId, workerProblem } from "./identifiers.ts";
import { refuse } from "./reply.ts";

/** Throws the 400 for an execution id of the wrong shape; answers with its partition otherwise. */
export function executionProblemRefusal(id: string): number {
  const parsed = parseExecutionId(id);
  if ("problem" in parsed) throw refuse(400, `invalid execution_id: ${parsed.problem}`);
  return parsed.partition;
}

export function requireUuid(label: string, text: string): string {
  if (!isUuid(text)) throw refuse(400, `${label}: ${uuidProblem(text)}`);
  return text;
}

/** The message of the server's parser where a character is none of a UUID, and a general one otherwise. */
function uuidProblem(text: string): string {
  const index = [...text].findIndex((character) => !/[0-9a-fA-F-]/.test(character));
  if (index < 0) return "invalid length";
  return `invalid character: found \`${[...text][index]}\` at ${index + 1}`;
}

export function requireWorker(field: string, id: string): void {
  const problem = workerProblem(id);
  if (problem) throw refuse(400, `${field}: ${problem}`);
}

export function requireLane(lane: string): void {
  const problem = laneProblem(lane);
  if (problem) throw refuse(400, `lane_id: ${problem}`);
}

export function requireGrantTtl(milliseconds: number): void {
  if (milliseconds < 1 || milliseconds > 60_000) throw refuse(400, "grant_ttl_ms must be in 1..=60000");
}

export function requireSame(field: string, path: string, body: string): void {
  if (path !== body) throw refuse(400, `path ${field} does not match body ${field}`);
}
