import { z } from "zod";
import {
  failureSchema,
  failureStatus,
  type Operation,
  type Operations,
} from "../../../shared/contract/index.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of all operations, made from their declarations alone. */
export function openApiDocument(operations: Operations, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, operation] of Object.entries(operations)) {
    const path = `/api${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(name, operation) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Switchyard", version, description: "Operator console for distributed runtimes." },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Failure: z.toJSONSchema(failureSchema, { unrepresentable: "any" }) },
    },
  };
}

function describeOperation(name: string, operation: Operation): Json {
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const inPath = pathFields(operation.path);
  const inBody = operation.method === "POST" || operation.method === "PUT";
  const fields = Object.entries(schema.properties ?? {});
  const outside = fields.filter(([field]) => inPath.includes(field) || !inBody);
  const inside = fields.filter(([field]) => !inPath.includes(field) && inBody);
  const required = schema.required ?? [];
  const description: Json = {
    operationId: name,
    summary: operation.summary,
    tags: [name.split(".")[0]],
    "x-kind": operation.kind,
    parameters: [
      ...outside.map(([field, type]) => ({
        name: field,
        in: inPath.includes(field) ? "path" : "query",
        required: inPath.includes(field) || required.includes(field),
        schema: type,
      })),
      ...(operation.kind === "command" ? commandHeaders : []),
    ],
    responses: { 200: success(operation), ...failures },
  };
  if (operation.kind === "command") description["x-hazard"] = operation.hazard;
  if (inside.length > 0) {
    const body = {
      type: "object",
      properties: Object.fromEntries(inside),
      required: required.filter((field) => !inPath.includes(field)),
    };
    description.requestBody = {
      required: body.required.length > 0,
      content: { "application/json": { schema: body } },
    };
  }
  return description;
}

const commandHeaders = [
  ["Switchyard-Reason", "Why, percent-encoded; kept with the activity."],
  ["Switchyard-Batch", "Groups the activities of one bulk command."],
  ["Switchyard-Confirmation", "Token of a confirmation_required failure."],
  ["Switchyard-Phrase", "Name of a protected connection, percent-encoded."],
].map(([name, description]) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
}));

const failures = Object.fromEntries(
  [...new Set(Object.values(failureStatus))].map((status) => [
    status,
    {
      description: Object.entries(failureStatus).find(([, value]) => value === status)?.[0] ?? "failure",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } },
    },
  ]),
);

function success(operation: Operation): Json {
  if (operation.kind === "query" && operation.download) {
    return { description: "The file.", content: { "application/x-ndjson": { schema: { type: "string" } } } };
  }
  const schema = z.toJSONSchema(operation.output, { io: "output", unrepresentable: "any" });
  return { description: "Success.", content: { "application/json": { schema } } };
}

/** Names of the `{fields}` in a path. */
function pathFields(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
}
