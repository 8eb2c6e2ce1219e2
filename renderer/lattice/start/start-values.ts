import { type InputFor, operations } from "../../../shared/catalogue.ts";
import { entryProblems, type MapEntry, mapOf } from "../../ui/map-entries.ts";
import { newIdProblem, sentence } from "../new-id.ts";
import { parseCount } from "../scale/scale-plan.ts";

const units: Record<string, number> = {
  "": 1,
  b: 1,
  k: 1_000,
  kb: 1_000,
  ki: 1_024,
  kib: 1_024,
  m: 1_000_000,
  mb: 1_000_000,
  mi: 1_048_576,
  mib: 1_048_576,
  g: 1_000_000_000,
  gb: 1_000_000_000,
  gi: 1_073_741_824,
  gib: 1_073_741_824,
};

/** Reads an amount of memory such as `128 MiB` or `1048576` as bytes; undefined where it is none. */
export function parseMemory(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim().replaceAll(/[,_]/g, ""));
  const unit = units[(match?.[2] ?? "").toLowerCase()];
  if (!match || unit === undefined) return undefined;
  const bytes = Number(match[1]) * unit;
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** What the form of a start holds, as typed; the limits and instances concern components only. */
export interface StartValues {
  imageReference: string;
  id: string;
  instances: string;
  annotations: MapEntry[];
  memory: string;
  seconds: string;
  config: string[];
}

export type StartKind = "component" | "provider";
export type StartErrors = Partial<Record<keyof StartValues, string>>;
type ComponentStart = InputFor<"lattice.components.start">;
type ProviderStart = InputFor<"lattice.providers.start">;
type Place = Pick<ComponentStart, "connectionId" | "lattice">;

const none: ReadonlySet<string> = new Set();

/** Any host: which ones it goes to is told apart from the form. */
const someHost = `N${"A".repeat(55)}`;

/** The input of a component's start on one host, as far as the form tells it. */
export function componentStart(values: StartValues, place: Place, hostId: string): ComponentStart {
  const count = parseCount(values.instances);
  const limits = limitsOf(values);
  return {
    ...place,
    hostId,
    componentId: values.id.trim(),
    imageReference: values.imageReference.trim(),
    maxInstances: count.ok ? count.count : Number.NaN,
    annotations: mapOf(values.annotations),
    ...(limits && { limits }),
    config: values.config,
  };
}

/** The input of a provider's start on one host, as far as the form tells it. */
export function providerStart(values: StartValues, place: Place, hostId: string): ProviderStart {
  return {
    ...place,
    hostId,
    providerId: values.id.trim(),
    imageReference: values.imageReference.trim(),
    annotations: mapOf(values.annotations),
    config: values.config,
  };
}

/** What is wrong, field by field: what is typed is held against the very schema that the console will use. */
export function startErrors(
  kind: StartKind,
  values: StartValues,
  knownIds: ReadonlySet<string> = none,
): StartErrors {
  const place = { connectionId: "any" };
  const parsed =
    kind === "component"
      ? operations["lattice.components.start"].input.safeParse(componentStart(values, place, someHost))
      : operations["lattice.providers.start"].input.safeParse(providerStart(values, place, someHost));
  const errors: StartErrors = {};
  for (const issue of parsed.error?.issues ?? []) {
    const field = fieldOf(String(issue.path[0]));
    if (field) errors[field] ??= sentence(issue.message);
  }
  const oddId = newIdProblem(values.id.trim(), knownIds);
  if (oddId) errors.id = oddId;
  const [problem] = entryProblems(values.annotations).values();
  if (problem) errors.annotations = problem;
  if (kind === "component") Object.assign(errors, componentErrors(values));
  return errors;
}

function componentErrors(values: StartValues): StartErrors {
  const errors: StartErrors = {};
  const count = parseCount(values.instances);
  if (!count.ok) errors.instances = count.message;
  else if (count.count === 0) errors.instances = "At least 1: with 0 nothing is started.";
  if (values.memory.trim() !== "" && parseMemory(values.memory) === undefined)
    errors.memory = "An amount such as 128 MiB, or a number of bytes.";
  if (values.seconds.trim() !== "" && !/^[1-9]\d*$/.test(values.seconds.trim()))
    errors.seconds = "A whole number of seconds.";
  return errors;
}

/** Limits as hosts want them: decimal text (wasmcloud-control §2.6). */
function limitsOf({ memory, seconds }: StartValues): Record<string, string> | undefined {
  const bytes = parseMemory(memory);
  const limits = {
    ...(bytes !== undefined && { max_memory_limit: String(bytes) }),
    ...(seconds.trim() !== "" && { max_execution_time: seconds.trim() }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

function fieldOf(path: string): keyof StartValues | undefined {
  const fields: Record<string, keyof StartValues> = {
    imageReference: "imageReference",
    componentId: "id",
    providerId: "id",
    maxInstances: "instances",
    annotations: "annotations",
    config: "config",
  };
  return fields[path];
}

/** An id for what an image holds: the last part of its name, in the characters that ids may have. */
export function suggestedId(reference: string): string {
  const plain = reference
    .trim()
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/@.*$/, "");
  const last = plain.split("/").at(-1) ?? "";
  const name = last.replace(/:.*$/, "").replace(/\.(?:wasm|par|par\.gz)$/, "");
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, "");
}
