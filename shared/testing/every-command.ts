import { z } from "zod";
import { type OperationName, operations } from "../catalogue.ts";

const uuid = "5be0c1d2-0000-4000-8000-000000000000";

/** What a budget and a quota policy are created with, but for their ids. */
export const limitSamples = {
  scopeType: "namespace",
  scopeId: "acme",
  enforcementMode: "strict",
  onHardLimit: "fail",
  onSoftLimit: "warn",
  resetIntervalMs: 0,
  dimensions: [{ name: "tokens", hardLimit: 10, softLimit: 8 }],
  windowSeconds: 60,
  maxRequestsPerWindow: 10,
  maxConcurrent: 2,
};

/** Values of fields whose name means the same in all commands, where a telling one is better than any. */
const samples: Record<string, unknown> = {
  key: "zone",
  value: "eu-1",
  componentId: "catalog",
  providerId: "http-server",
  imageReference: "registry.example.test/shop/catalog:9.9.9",
  maxInstances: 3,
  sourceId: "catalog",
  target: "cart",
  witNamespace: "wasi",
  witPackage: "http",
  interfaces: ["incoming-handler"],
  name: "story",
  values: { A: "1" },
  registries: { "ghcr.io": { token: "t" } },
  queueName: "default",
  baseSeconds: 2,
  maxSeconds: 60,
  workers: 1,
  doneDays: 7,
  deadDays: 30,
  olderThanDays: 7,
  kind: "email",
  id: "1",
  ids: ["1"],
  status: "failed",
  expression: "0 * * * * *",
  daemonId: "shop",
  release: { kind: "image", workloads: ["shop:deployment/checkout"], image: "checkout:1" },
  workloads: ["shop:deployment/checkout"],
  changes: { locked: true },
  change: { kind: "image", image: "checkout" },
  way: "http",
  keyId: "k2",
  rotationId: "r1",
  executionId: `{fp:1}:${uuid}`,
  waitpointId: uuid,
  budgetId: uuid,
  quotaId: uuid,
  ...limitSamples,
  flowId: uuid,
  priority: 5,
  signalName: "approved",
  workerId: "w1",
  workerInstanceId: "w1-1",
  lane: "default",
  action: "kill-nats",
  profile: {
    name: "Second",
    color: "#112233",
    environment: "DEV",
    guard: "read-only",
    system: "lattice",
    target: { addresses: ["nats://127.0.0.1:1"] },
  },
};

type Json = { [keyword: string]: unknown };

/** A value of a schema: its own example or, where it has none, what its type wants. */
function exampleOf(schema: Json): unknown {
  const { examples, enum: values, anyOf, oneOf } = schema;
  if ("const" in schema) return schema.const;
  for (const list of [examples, values]) if (Array.isArray(list) && list.length > 0) return list[0];
  for (const list of [anyOf, oneOf]) if (Array.isArray(list)) return exampleOf(list[0] as Json);
  return typeof schema.type === "string" ? byType[schema.type]?.(schema) : undefined;
}

const byType: Record<string, (schema: Json) => unknown> = {
  string: ({ format }) => (format === "date-time" ? "2026-07-01T00:00:00Z" : "sample"),
  number: ({ minimum = 1 }) => minimum,
  integer: ({ minimum = 1 }) => minimum,
  boolean: () => true,
  array: ({ items, minItems }) => (Number(minItems ?? 0) > 0 ? [exampleOf(items as Json)] : []),
  object: ({ required = [], properties = {} }) => {
    const schemas = properties as Record<string, Json>;
    const fields = (required as string[]).map((field) => [field, exampleOf(schemas[field] ?? {})]);
    return Object.fromEntries(fields);
  },
};

/** Where a sample input belongs. */
interface SamplePlace {
  connectionId: string;
  hostId: string;
}

/**
 * An input that an operation accepts, with the fields that it requires. One that cannot be made up from its schema throws;
 * the schema of that field then needs an example of its own (`.meta({ examples: […] })`).
 */
export function sampleInput(name: OperationName, place: SamplePlace): Record<string, unknown> {
  const known: Record<string, unknown> = { ...samples, ...place };
  const schema = operations[name].input;
  const { required = [], properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const fields = required.map((field) => [field, known[field] ?? exampleOf(properties[field] as Json)]);
  const input = Object.fromEntries(fields) as Record<string, unknown>;
  const parsed = schema.safeParse(input);
  if (!parsed.success)
    throw new Error(`${name}: no input could be made up.\n${z.prettifyError(parsed.error)}`);
  return input;
}

/** Every command that the console declares, with an input that it accepts. */
export function everyCommand(place: SamplePlace): [OperationName, Record<string, unknown>][] {
  const names = Object.keys(operations) as OperationName[];
  return names
    .filter((name) => operations[name].kind === "command")
    .map((name) => [name, sampleInput(name, place)]);
}
