import { z } from "zod";
import { latticeNameSchema } from "../../../shared/connections/schema.ts";
import { Failure, invalidInput } from "../../../shared/contract/index.ts";
import { configNameSchema } from "../../../shared/lattice/inputs.ts";
import {
  hostIdSchema,
  imageReferenceSchema,
  longestName,
  maxInstancesSchema,
  stringMapSchema,
  workloadIdSchema,
} from "../../../shared/lattice/schema.ts";

/** Parses the input of a request; what does not fit is `invalid_input` with `details.fields`, and was not sent. */
export function checked<S extends z.ZodType>(schema: S, input: z.input<S>): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const data = invalidInput(result.error).toData();
  throw new Failure({ ...data, details: { ...data.details, delivered: false } });
}

const filled = z.string().refine((text) => text.trim() !== "", "must not be empty");
const timeoutSchema = z.number().int().min(1).max(2_147_483_647);
const prefixSchema = z
  .string()
  .regex(
    /^[^\s.*>]+(\.[^\s.*>]+)*$/,
    "a subject prefix has tokens joined by dots, without spaces or wildcards",
  );

/** Settings of a control client (wasmcloud-control §1.8). */
export const controlOptionsSchema = z.strictObject({
  lattice: latticeNameSchema,
  topicPrefix: prefixSchema.default("wasmbus.ctl"),
  eventPrefix: prefixSchema.default("wasmbus.evt"),
  timeoutMs: timeoutSchema.default(2_000),
  auctionTimeoutMs: timeoutSchema.default(5_000),
  inboxPrefix: prefixSchema.optional(),
});

/** A reference to a stored config may hold inner dots, because a KV key may. */
const configReferenceSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_/=-]+(\.[A-Za-z0-9_/=-]+)*$/,
    "the name of a config has letters, digits, _ / = - and inner dots only",
  )
  .max(longestName);
const configListSchema = z.array(configReferenceSchema);

/** Hosts ignore a limit that is no decimal number, so a typing mistake would mean no limit (wasmcloud-control §2.6). */
const limitsSchema = stringMapSchema.superRefine((limits, context) => {
  for (const key of ["max_memory_limit", "max_execution_time"]) {
    const value = limits[key];
    if (value !== undefined && !/^\d+$/.test(value)) {
      context.addIssue({ code: "custom", path: [key], message: "a whole decimal number, written as text" });
    }
  }
});

const onHostSchema = z.strictObject({ hostId: hostIdSchema });
const onComponentSchema = onHostSchema.extend({ componentId: workloadIdSchema });
const onProviderSchema = onHostSchema.extend({ providerId: workloadIdSchema });

export const onHost = onHostSchema;

export const componentAuctionSchema = z.strictObject({
  imageReference: imageReferenceSchema,
  componentId: workloadIdSchema,
  constraints: stringMapSchema.default({}),
});

export const providerAuctionSchema = z.strictObject({
  imageReference: imageReferenceSchema,
  providerId: workloadIdSchema,
  constraints: stringMapSchema.default({}),
});

export const scaleComponentSchema = onComponentSchema.extend({
  imageReference: imageReferenceSchema,
  maxInstances: maxInstancesSchema,
  /** Required on purpose: what is left out here is dropped by the host (wasmcloud-control trap 43). */
  config: configListSchema,
  annotations: stringMapSchema.optional(),
  limits: limitsSchema.optional(),
  allowUpdate: z.boolean().default(false),
});

export const updateComponentSchema = onComponentSchema.extend({
  newImageReference: imageReferenceSchema,
  annotations: stringMapSchema.optional(),
});

export const startProviderSchema = onProviderSchema.extend({
  imageReference: imageReferenceSchema,
  config: configListSchema.default([]),
  annotations: stringMapSchema.optional(),
});

export const stopProviderSchema = onProviderSchema;

export const stopHostSchema = onHostSchema.extend({
  timeoutMs: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** `hostcore.*` keys are left to the host: only hosts from 1.8.0 on refuse them. */
export const deleteLabelSchema = onHostSchema.extend({ key: filled });
export const putLabelSchema = deleteLabelSchema.extend({ value: z.string() });

export const linkKeySchema = z.strictObject({
  sourceId: workloadIdSchema,
  name: filled.default("default"),
  witNamespace: filled,
  witPackage: filled,
});

export const putLinkSchema = linkKeySchema.extend({
  target: workloadIdSchema,
  interfaces: z.array(filled),
  sourceConfig: configListSchema.default([]),
  targetConfig: configListSchema.default([]),
});

export const configKeySchema = z.strictObject({ name: configNameSchema });
export const putConfigSchema = configKeySchema.extend({ values: stringMapSchema });

const registryCredentialSchema = z.strictObject({
  username: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  registryType: filled.default("oci"),
});

export const registriesSchema = z.strictObject({ registries: z.record(filled, registryCredentialSchema) });

/** Short event names, `*` or `>` (wasmcloud-control §2.20). */
export const eventTypesSchema = z.strictObject({
  types: z
    .array(z.string().regex(/^([a-z0-9_]+|\*|>)$/, "a short event name such as component_scaled, * or >"))
    .min(1),
});
