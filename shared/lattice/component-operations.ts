import { z } from "zod";
import { type ActivityTarget, command, query } from "../contract/index.ts";
import {
  configNamesSchema,
  latticePath,
  limitsSchema,
  onComponentSchema,
  shortReference,
  withoutSecretAnnotations,
  workloadTarget,
} from "./inputs.ts";
import {
  componentRowSchema,
  imageReferenceSchema,
  instancesText,
  latticeScopeSchema,
  maxInstancesSchema,
  scalePreviewSchema,
  startableIdSchema,
  stringMapSchema,
  updateOriginSchema,
} from "./schema.ts";

const onComponent = `${latticePath}/hosts/{hostId}/components/{componentId}` as const;

/** Fields of a scale request; what is left out is taken from the running component. */
const scaleRequestSchema = onComponentSchema.extend({
  maxInstances: maxInstancesSchema.describe("0 stops the component; 4294967295 is unbounded."),
  imageReference: imageReferenceSchema.optional(),
  annotations: stringMapSchema.optional(),
  limits: stringMapSchema.optional(),
  config: z.array(z.string().min(1)).optional().describe("Names of configs, in order."),
});

const updateRequestSchema = onComponentSchema.extend({
  imageReference: imageReferenceSchema.describe("The new image."),
  annotations: stringMapSchema
    .optional()
    .describe("An update replaces them; without any, the running ones are sent again."),
});

const restartRequestSchema = onComponentSchema.extend({
  imageReference: imageReferenceSchema.optional().describe("Another image; left out, the one that runs."),
  maxInstances: maxInstancesSchema.min(1, "at least 1 to start it again").optional(),
  annotations: stringMapSchema.optional(),
  limits: limitsSchema.optional(),
  config: z.array(z.string().min(1)).optional().describe("Names of configs, in order."),
});

const startRequestSchema = onComponentSchema.extend({
  componentId: startableIdSchema,
  imageReference: imageReferenceSchema,
  maxInstances: maxInstancesSchema.min(1, "at least 1 to start it").default(1),
  annotations: stringMapSchema.default({}),
  limits: limitsSchema.optional(),
  config: configNamesSchema.default([]),
});

/** Operations on the components of a lattice. */
export const componentOperations = {
  "lattice.components.list": query({
    method: "GET",
    path: `${latticePath}/components`,
    summary: "Lists each component on each host.",
    refresh: "live",
    input: latticeScopeSchema,
    output: z.array(componentRowSchema),
  }),
  "lattice.components.updated": query({
    method: "GET",
    path: `${latticePath}/components/updated`,
    summary:
      "Lists components that were updated while their hosts ran, as far as is known: older code may answer beside them.",
    refresh: "by hand",
    input: latticeScopeSchema,
    output: z.array(
      z.object({
        hostId: z.string(),
        hostName: z.string(),
        componentId: z.string(),
        updatedAt: z.iso.datetime(),
        updateOrigin: updateOriginSchema,
      }),
    ),
  }),
  "lattice.components.preview-scale": query({
    method: "POST",
    path: `${onComponent}/preview-scale`,
    summary: "Shows what a scale would change and what it would lose.",
    refresh: "once",
    input: scaleRequestSchema,
    output: scalePreviewSchema,
  }),
  "lattice.components.scale": command({
    method: "POST",
    path: `${onComponent}/scale`,
    summary: "Scales a running component on one host; 0 stops it.",
    hazard: "change",
    input: scaleRequestSchema,
    redact: withoutSecretAnnotations,
    target: onComponentTarget,
    title: (input) =>
      input.maxInstances === 0
        ? `Stop ${input.componentId}`
        : `Scale ${input.componentId} to ${instancesText(input.maxInstances)}`,
  }),
  "lattice.components.start": command({
    method: "POST",
    path: `${onComponent}/start`,
    summary: "Starts a component on a host where it does not run yet.",
    hazard: "change",
    input: startRequestSchema,
    redact: withoutSecretAnnotations,
    target: onComponentTarget,
    title: (input) =>
      `Start ${input.componentId} from ${shortReference(input.imageReference)} (max ${instancesText(input.maxInstances)})`,
  }),
  "lattice.components.preview-update": query({
    method: "POST",
    path: `${onComponent}/preview-update`,
    summary: "Shows what an update would change and what it would keep.",
    refresh: "once",
    input: updateRequestSchema,
    output: scalePreviewSchema,
  }),
  "lattice.components.update": command({
    method: "POST",
    path: `${onComponent}/update`,
    summary: "Loads a new image into a running component; instances, config and limits are kept.",
    hazard: "change",
    input: updateRequestSchema,
    redact: withoutSecretAnnotations,
    target: onComponentTarget,
    title: (input) => `Update ${input.componentId} to ${shortReference(input.imageReference)}`,
  }),
  "lattice.components.preview-restart": query({
    method: "POST",
    path: `${onComponent}/preview-restart`,
    summary: "Shows what a stop and start would change and what it would lose.",
    refresh: "once",
    input: restartRequestSchema,
    output: scalePreviewSchema,
  }),
  "lattice.components.restart": command({
    method: "POST",
    path: `${onComponent}/restart`,
    summary:
      "Stops a component on one host and starts it again, from another image where one is named; only that changes the code.",
    hazard: "destructive",
    input: restartRequestSchema,
    redact: withoutSecretAnnotations,
    target: onComponentTarget,
    title: (input) =>
      input.imageReference === undefined
        ? `Stop and start ${input.componentId}`
        : `Stop and start ${input.componentId} from ${shortReference(input.imageReference)}`,
  }),
};

function onComponentTarget(input: z.infer<typeof onComponentSchema>): ActivityTarget {
  return workloadTarget("component", { ...input, id: input.componentId });
}
