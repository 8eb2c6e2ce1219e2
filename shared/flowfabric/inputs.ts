import { z } from "zod";
import { connectionIdSchema } from "../connections/schema.ts";
import type { ActivityTarget } from "../contract/index.ts";

/** Where the routes of a FlowFabric server begin. */
export const flowfabricPath = "/connections/{connectionId}/flowfabric" as const;

export const onServerSchema = z.object({ connectionId: connectionIdSchema });

const uuid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/** `{fp:N}:<uuid>` (flowfabric-admin §1.3); the number is a u16. */
export const executionIdSchema = z
  .string()
  .trim()
  .regex(new RegExp(`^\\{fp:\\d{1,5}\\}:${uuid}$`), "write {fp:N}:<uuid>")
  .refine((id) => partitionOf(id) <= 65_535, "the partition's number is too large")
  .describe("Id of an execution: {fp:N}:<uuid>.");

export const uuidSchema = z
  .string()
  .trim()
  .regex(new RegExp(`^${uuid}$`), "write a UUID");

/** The partition that an execution's id names. */
export function partitionOf(executionId: string): number {
  return Number(/^\{fp:(\d+)\}/.exec(executionId)?.[1] ?? Number.NaN);
}

/** The rule of worker ids in claim and reclaim (flowfabric-admin §1.3): bytes, not characters, are counted. */
export const workerIdSchema = z
  .string()
  .min(1, "must not be empty")
  .refine((id) => utf8Length(id) <= 256, "at most 256 bytes")
  .refine((id) => !/[\s\p{Cc}]/u.test(id), "no spaces and no control characters");

/** The rule of lanes (flowfabric-admin §1.3). */
export const laneSchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,64}$/, "1 to 64 printable ASCII characters")
  .describe("Name of a lane (queue).");

/** Valkey-backed servers join capabilities with commas (flowfabric-admin §4.1). */
export const capabilitiesSchema = z
  .array(z.string().regex(/^[^\s,\p{Cc}]+$/u, "no commas, spaces or control characters"))
  .max(256)
  .refine((tokens) => utf8Length(tokens.join(",")) <= 4_096, "at most 4096 bytes together");

/** A grant lives at most a minute (flowfabric-admin §4.1). */
export const grantTtlSchema = z.number().int().min(1).max(60_000);

/** How many bytes a text has in UTF-8; the contract knows no encoder of a platform. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

export const partitionSchema = z.number().int().min(0).max(65_535);

/** The rule of key ids, and two of our own: no blanks at the ends, and nothing that a person cannot see. */
export const keyIdSchema = z
  .string()
  .min(1, "must not be empty")
  .max(128)
  .regex(/^[^:]*$/, "must not contain a colon")
  .regex(/^[^\s\p{Cc}]+$/u, "no spaces and no control characters")
  .describe("Id of the new signing key; never one that was used before.");

/** SQLite takes exactly 64 digits, and comparison is textual: lower case everywhere (flowfabric-admin §3.1, §3.3). */
export const secretHexSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits, lower case")
  .describe("The new secret; generated where it is left out. It is never shown, logged or exported.");

export function executionTarget(input: { executionId: string }): ActivityTarget {
  return { kind: "execution", id: input.executionId, label: shortExecution(input.executionId) };
}

/** An execution's id as titles show it: partition and the first part of the UUID. */
export function shortExecution(executionId: string): string {
  return executionId.replace(/^(\{fp:\d+\}:[0-9a-fA-F]{8}).*$/, "$1…");
}
