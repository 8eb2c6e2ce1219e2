import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { invalidInput } from "../../shared/contract/index.ts";
import { fileProblem, pathProblem, readBounded } from "./files.ts";
import type { FoundContext } from "./import-profile.ts";

type Read = Pick<FoundContext, "profile" | "secrets" | "warnings">;

/** Names of the context files of a folder (without `.json`), sorted; none when there is no such folder. */
export function contextNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json") && name !== ".json")
      .map((name) => name.slice(0, -".json".length))
      .sort();
  } catch {
    return [];
  }
}

function readRecord(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readBounded(file).toString("utf8");
  } catch (error) {
    throw new Error(`the file ${fileProblem(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("the file holds no settings");
  }
  return value as Record<string, unknown>;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return invalidInput(error).message;
  return error instanceof Error ? error.message : "it cannot be read";
}

/** Reads one context file; whatever is wrong with it becomes its `problem` and concerns no other. */
export function readContext(
  source: FoundContext["source"],
  place: { folder: string; name: string },
  read: (settings: Record<string, unknown>) => Read,
): FoundContext {
  const file = join(place.folder, `${place.name}.json`);
  const found = { key: `${source}:${file}`, source, name: place.name, file };
  try {
    return { ...found, ...read(readRecord(file)) };
  } catch (error) {
    return { ...found, secrets: {}, warnings: [], problem: `It cannot be imported: ${reasonOf(error)}.` };
  }
}

/** A secret that lies in a file, such as a seed; undefined with a warning when it cannot be read. */
export function readSecretFile(file: string, what: string, warnings: string[]): string | undefined {
  const unfit = pathProblem(file);
  if (unfit !== undefined) {
    warnings.push(`The ${what} ${unfit}.`);
    return undefined;
  }
  try {
    const text = readBounded(file).toString("utf8").trim();
    if (text !== "") return text;
    warnings.push(`The ${what} ${file} is empty.`);
  } catch (error) {
    warnings.push(`The ${what} ${file} ${fileProblem(error)}.`);
  }
  return undefined;
}
