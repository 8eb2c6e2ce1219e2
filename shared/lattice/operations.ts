import { z } from "zod";
import { command, query } from "../contract/index.ts";
import {
  componentRowSchema,
  hostIdSchema,
  hostRowSchema,
  imageReferenceSchema,
  latticeRowSchema,
  latticeScopeSchema,
  linkRowSchema,
  maxInstancesSchema,
  providerRowSchema,
  scalePreviewSchema,
  stringMapSchema,
  workloadIdSchema,
} from "./schema.ts";

const onComponent = latticeScopeSchema.extend({ hostId: hostIdSchema, componentId: workloadIdSchema });
const base = "/connections/{connectionId}/lattice" as const;

/** Fields of a scale request; what is left out is taken from the running component. */
const scaleRequestSchema = onComponent.extend({
  maxInstances: maxInstancesSchema.describe("0 stops the component; 4294967295 is unbounded."),
  imageReference: imageReferenceSchema.optional(),
  annotations: stringMapSchema.optional(),
  limits: stringMapSchema.optional(),
  config: z.array(z.string().min(1)).optional().describe("Names of configs, in order."),
});

export const latticeOperations = {
  "lattice.lattices.list": query({
    method: "GET",
    path: `${base}/lattices`,
    summary: "Lists the lattices seen on a connection and how each is followed.",
    input: latticeScopeSchema.pick({ connectionId: true }),
    output: z.array(latticeRowSchema),
  }),
  "lattice.hosts.list": query({
    method: "GET",
    path: `${base}/hosts`,
    summary: "Lists the hosts of a lattice as last known.",
    input: latticeScopeSchema,
    output: z.array(hostRowSchema),
  }),
  "lattice.hosts.get": query({
    method: "GET",
    path: `${base}/hosts/{hostId}`,
    summary: "Reads one host's inventory from the host itself.",
    input: latticeScopeSchema.extend({ hostId: hostIdSchema }),
    output: z.object({
      host: hostRowSchema,
      components: z.array(componentRowSchema),
      providers: z.array(providerRowSchema),
      raw: z.unknown().describe("The inventory as the host sent it."),
      readAt: z.iso.datetime(),
    }),
  }),
  "lattice.components.list": query({
    method: "GET",
    path: `${base}/components`,
    summary: "Lists each component on each host.",
    input: latticeScopeSchema,
    output: z.array(componentRowSchema),
  }),
  "lattice.components.preview-scale": query({
    method: "POST",
    path: `${base}/hosts/{hostId}/components/{componentId}/preview-scale`,
    summary: "Shows what a scale would change and what it would lose.",
    input: scaleRequestSchema,
    output: scalePreviewSchema,
  }),
  "lattice.components.scale": command({
    method: "POST",
    path: `${base}/hosts/{hostId}/components/{componentId}/scale`,
    summary: "Scales a running component on one host; 0 stops it.",
    hazard: "change",
    input: scaleRequestSchema,
    title: (input) =>
      input.maxInstances === 0
        ? `Stop ${input.componentId}`
        : `Scale ${input.componentId} to ${input.maxInstances === 4_294_967_295 ? "unbounded" : input.maxInstances}`,
  }),
  "lattice.providers.list": query({
    method: "GET",
    path: `${base}/providers`,
    summary: "Lists each provider on each host.",
    input: latticeScopeSchema,
    output: z.array(providerRowSchema),
  }),
  "lattice.links.list": query({
    method: "GET",
    path: `${base}/links`,
    summary: "Lists the links of a lattice.",
    input: latticeScopeSchema,
    output: z.array(linkRowSchema),
  }),
};
