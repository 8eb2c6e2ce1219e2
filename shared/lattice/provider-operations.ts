import { z } from "zod";
import { type ActivityTarget, command, query } from "../contract/index.ts";
import {
  configNamesSchema,
  latticePath,
  onProviderSchema,
  shortReference,
  withoutSecretAnnotations,
  workloadTarget,
} from "./inputs.ts";
import {
  imageReferenceSchema,
  latticeScopeSchema,
  providerRowSchema,
  startableIdSchema,
  stringMapSchema,
} from "./schema.ts";

const onProvider = `${latticePath}/hosts/{hostId}/providers/{providerId}` as const;

/** Operations on the providers of a lattice. */
export const providerOperations = {
  "lattice.providers.list": query({
    method: "GET",
    path: `${latticePath}/providers`,
    summary: "Lists each provider on each host.",
    refresh: "live",
    input: latticeScopeSchema,
    output: z.array(providerRowSchema),
  }),
  "lattice.providers.start": command({
    method: "POST",
    path: `${onProvider}/start`,
    summary: "Starts a provider on a host where it does not run yet.",
    hazard: "change",
    input: onProviderSchema.extend({
      providerId: startableIdSchema,
      imageReference: imageReferenceSchema,
      annotations: stringMapSchema.default({}),
      config: configNamesSchema.default([]),
    }),
    redact: withoutSecretAnnotations,
    target: onProviderTarget,
    title: (input) => `Start provider ${input.providerId} from ${shortReference(input.imageReference)}`,
  }),
  "lattice.providers.stop": command({
    method: "POST",
    path: `${onProvider}/stop`,
    summary: "Stops a provider on one host.",
    hazard: "destructive",
    input: onProviderSchema,
    target: onProviderTarget,
    title: (input) => `Stop provider ${input.providerId}`,
  }),
};

function onProviderTarget(input: z.infer<typeof onProviderSchema>): ActivityTarget {
  return workloadTarget("provider", { ...input, id: input.providerId });
}
