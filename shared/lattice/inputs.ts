import { z } from "zod";
import { type ActivityTarget, maskedValue, withoutCredentials } from "../contract/index.ts";
import {
  hostIdSchema,
  latticeScopeSchema,
  longestName,
  stringMapSchema,
  workloadIdSchema,
} from "./schema.ts";

/** Where the routes of a lattice begin. */
export const latticePath = "/connections/{connectionId}/lattice" as const;

export const onHostSchema = latticeScopeSchema.extend({ hostId: hostIdSchema });
export const onComponentSchema = onHostSchema.extend({ componentId: workloadIdSchema });
export const onProviderSchema = onHostSchema.extend({ providerId: workloadIdSchema });

/** A config's name is one subject token and a KV key (wasmcloud-control §1.6). */
export const configNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_/=-]+$/, "a config name has letters, digits, _ / = and - only, no dots or spaces")
  .max(longestName);
export const configNamesSchema = z
  .array(configNameSchema)
  .describe("Names of configs, in order: later ones win per key.");

/** Hosts ignore a limit that is no decimal number, so a typing mistake would mean no limit (wasmcloud-control §2.6). */
export const limitsSchema = stringMapSchema
  .describe(
    "max_memory_limit (bytes) and max_execution_time (seconds), as decimal text; hosts from 1.9.0 on.",
  )
  .superRefine((limits, context) => {
    for (const key of ["max_memory_limit", "max_execution_time"]) {
      const value = limits[key];
      if (value !== undefined && !/^\d+$/.test(value))
        context.addIssue({ code: "custom", path: [key], message: "a whole decimal number, written as text" });
    }
  });

/** Names of secret references begin so; their values are secrets (wasmcloud-control §5.8). */
export function isSecretName(configName: string): boolean {
  return configName.startsWith("SECRET");
}

export { maskedValue };

/** The same keys with nothing to read in them. */
export function masked<T>(map: Readonly<Record<string, T>>): Record<string, string> {
  return Object.fromEntries(Object.keys(map).map((key) => [key, maskedValue]));
}

/** The values of a config as they may be recorded. */
export function recordedValues(
  name: string,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return isSecretName(name) ? masked(values) : withoutCredentials(values);
}

/** The input of a command as it may be recorded: annotations are free text, and somebody will keep a token in one. */
export function withoutSecretAnnotations<Input extends { annotations?: Record<string, string> | undefined }>(
  input: Input,
): Input {
  return input.annotations ? { ...input, annotations: withoutCredentials(input.annotations) } : input;
}

/** An image reference without its registry, as titles show it: `shop/cart:2`. */
export function shortReference(reference: string): string {
  const [first = "", ...rest] = reference.replace(/^[a-z+]+:\/\//, "").split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? rest.join("/") : reference;
}

/** A component or provider on a host, as an input alone tells it. */
export function workloadTarget(
  kind: "component" | "provider",
  place: { hostId: string; lattice?: string | undefined; id: string },
): ActivityTarget {
  return { kind, id: place.id, label: place.id, lattice: place.lattice, hostId: place.hostId };
}
