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

/** A good value for each field that some command needs, whatever the command. */
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
  enabled: true,
  paused: true,
  dedupe: true,
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
};

/** Every command that the console declares, with an input that it accepts; a field that has no sample yet throws. */
export function everyCommand(place: {
  connectionId: string;
  hostId: string;
}): [OperationName, Record<string, unknown>][] {
  const known: Record<string, unknown> = { ...samples, ...place };
  const commands = Object.entries(operations).filter(([, { kind }]) => kind === "command");
  return commands.map(([name, operation]) => {
    const { required = [] } = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
    const missing = required.filter((field) => !(field in known));
    if (missing.length > 0) throw new Error(`${name}: there is no sample of ${missing.join(", ")}`);
    const input = Object.fromEntries(required.map((field) => [field, known[field]]));
    operation.input.parse(input);
    return [name as OperationName, input];
  });
}
