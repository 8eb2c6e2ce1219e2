import leven from "leven";
import { z } from "zod";
import { Failure, type Operation } from "../../shared/contract/index.ts";

/**
 * Throws `invalid_input` for a field of the input that the operation does not have: a field that is dropped in silence can
 * turn "delete the done jobs of this queue" into "of all queues".
 */
export function refuseUnknownFields(operation: Operation, input: unknown, parsed: unknown): void {
  const unknown = droppedFields(input, parsed);
  if (unknown.length === 0) return;
  const known = fieldNames(operation);
  const fields = unknown.map((path) => ({ path, message: unknownField(path, known) }));
  throw new Failure({
    code: "invalid_input",
    message: fields.map(({ path, message }) => `${path}: ${message}`).join("; "),
    details: { fields },
    hint: `Nothing was done. The fields are ${known.join(", ") || "none"}.`,
  });
}

/** The paths that the schema removed: an object of a schema keeps what it knows, and nothing else. */
function droppedFields(input: unknown, parsed: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(input) && Array.isArray(parsed)) {
    // A schema that changes the length has made something of its own of the list.
    if (input.length !== parsed.length) return [];
    return input.flatMap((item, index) => droppedFields(item, parsed[index], [...path, String(index)]));
  }
  if (!isRecord(input) || !isRecord(parsed)) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const here = [...path, name];
    return Object.hasOwn(parsed, name) ? droppedFields(value, parsed[name], here) : [here.join(".")];
  });
}

function unknownField(path: string, known: readonly string[]): string {
  const meant = closest(path.slice(path.lastIndexOf(".") + 1), known);
  return meant === undefined ? "unknown field" : `unknown field, did you mean ${meant}?`;
}

/** The name that was probably meant: the same but for case and separators, a longer form of it, or a slip of the keys. */
function closest(name: string, known: readonly string[]): string | undefined {
  const given = plain(name);
  const most = Math.max(1, Math.floor(given.length / 3));
  const distance = (candidate: string): number => {
    const other = plain(candidate);
    if (other === given) return 0;
    const isPart = given.length >= 3 && (other.startsWith(given) || other.endsWith(given));
    return isPart ? 1 : leven(given, other, { maxDistance: most + 1 });
  };
  const [best] = known.map((candidate) => ({ candidate, away: distance(candidate) })).sort(byDistance);
  return best && best.away <= most ? best.candidate : undefined;
}

function byDistance(one: { away: number }, other: { away: number }): number {
  return one.away - other.away;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Every field name of an operation's input, also of what is nested in it. */
function fieldNames({ input }: Operation): string[] {
  const names = new Set<string>();
  const visit = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    if ("properties" in schema) for (const name of Object.keys(schema.properties ?? {})) names.add(name);
    for (const part of Object.values(schema)) visit(part);
  };
  visit(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  return [...names];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
