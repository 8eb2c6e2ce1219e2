import { z } from "zod";
import { connectionIdSchema, latticeNameSchema } from "../connections/schema.ts";

export const stringMapSchema = z.record(z.string(), z.string());

/** Host ids are nkey server keys (wasmcloud-control §1.6). */
export const hostIdPattern = /^N[A-Z2-7]{55}$/;
export const hostIdSchema = z
  .string()
  .regex(hostIdPattern, "a host id is N and 55 letters A-Z or digits 2-7");
/**
 * The longest name of a config, component or provider. Hosts set no limit (513 letters were recorded), but names are parts of NATS
 * subjects: a server disconnects whoever sends a control line above 4,096 bytes, and hosts write the lattice twice beside the name.
 */
export const longestName = 3_000;

/** The id of a component or provider that is there: hosts check none, so that it is what it is (wasmcloud-control §1.6). */
export const workloadIdSchema = z
  .string()
  .max(longestName)
  .regex(/^[^\p{Cc}]+$/u, "an id must not be empty or have control characters")
  .refine((id) => id.trim() !== "", "an id must not be empty");
/** An id for something new: with these letters everything works, and every tool takes it. */
export const newWorkloadIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, "an id has letters, digits, - and _ only, no spaces, dots or wildcards");
/** An id that can run at all: a KV key (wasmcloud-control §1.6). */
export const startableIdSchema = z
  .string()
  .max(longestName)
  .regex(
    /^[A-Za-z0-9_/=-]+(\.[A-Za-z0-9_/=-]+)*$/,
    "an id has letters, digits, - and _ only, no spaces or wildcards; one that runs already may have . / and =",
  );
export const imageReferenceSchema = z.string().trim().min(1, "an image reference is needed").max(1_024);
/** What hosts take for "no limit" (wasmcloud-control §2.6). */
export const unboundedInstances = 4_294_967_295;
export const maxInstancesSchema = z
  .number()
  .int("a whole number")
  .min(0, "not below 0")
  .max(unboundedInstances, "at most 4294967295, which means unbounded");

/** Which lattice of which connection; without `lattice` the profile's own. */
export const latticeScopeSchema = z.object({
  connectionId: connectionIdSchema,
  lattice: latticeNameSchema.optional(),
});

export const hostStatuses = ["live", "stale", "lost", "stopped"] as const;
export const hostRowSchema = z.object({
  id: z.string(),
  friendlyName: z.string(),
  version: z.string(),
  labels: stringMapSchema,
  status: z.enum(hostStatuses),
  statusSince: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().optional().describe("Last heartbeat, reply or event of this host."),
  startedAt: z.iso.datetime().optional(),
  heartbeatSeconds: z.number().describe("Period in use: learned from the gaps, else the profile's."),
  inventoryAt: z.iso.datetime().optional().describe("When its inventory was last known; absent: never."),
  componentCount: z.number().int(),
  instanceCount: z.number().int().describe("Sum of max_instances, unbounded ones counted as 1."),
  providerCount: z.number().int(),
  controlHost: z.string().optional(),
  jetStreamDomain: z.string().optional(),
  problem: z.string().optional().describe("Why its inventory could not be read."),
});
export type HostRow = z.infer<typeof hostRowSchema>;

const workloadRowShape = {
  hostId: z.string(),
  hostName: z.string(),
  id: z.string(),
  name: z.string().optional(),
  annotations: stringMapSchema,
  revision: z.number().int(),
  managedByWadm: z.boolean(),
  changedAt: z.iso
    .datetime()
    .optional()
    .describe("Last change seen since this console started following the lattice."),
  lastFailure: z.object({ at: z.iso.datetime(), message: z.string() }).optional(),
};

/** One component on one host. */
export const componentRowSchema = z.object({
  ...workloadRowShape,
  imageReference: z.string(),
  maxInstances: z.number().int(),
  limits: stringMapSchema.optional(),
});
export type ComponentRow = z.infer<typeof componentRowSchema>;

const providerHealth = ["unknown", "healthy", "unhealthy", "silent"] as const;
/** One provider on one host; health comes from events only (wasmcloud-control §4.11). */
export const providerRowSchema = z.object({
  ...workloadRowShape,
  imageReference: z.string().optional(),
  health: z.enum(providerHealth).describe("silent: it answered no health check for two periods."),
  healthAt: z.iso.datetime().optional().describe("Since when its health is that."),
  healthBefore: z
    .enum(["healthy", "unhealthy"])
    .optional()
    .describe("What its checks said before it fell silent."),
  healthSeenAt: z.iso.datetime().optional().describe("Its last health event before it fell silent."),
});
export type ProviderRow = z.infer<typeof providerRowSchema>;

export const linkRowSchema = z.object({
  sourceId: z.string(),
  target: z.string(),
  name: z.string(),
  witNamespace: z.string(),
  witPackage: z.string(),
  interfaces: z.array(z.string()),
  sourceConfig: z.array(z.string()),
  targetConfig: z.array(z.string()),
});
export type LinkRow = z.infer<typeof linkRowSchema>;

/** How one lattice is followed. */
export const latticeRowSchema = z.object({
  lattice: z.string(),
  followed: z
    .boolean()
    .describe("Its events are kept and its hosts shown; otherwise only its name was seen."),
  phase: z.enum(["seen", "reading", "live", "reconnecting", "failed"]),
  phaseSince: z.iso.datetime(),
  dataFrom: z.iso.datetime().optional().describe("What is shown was true at this time."),
  message: z.string().optional(),
  hosts: z.object({ live: z.number(), stale: z.number(), lost: z.number(), stopped: z.number() }),
  hostsFull: z
    .boolean()
    .optional()
    .describe("So many hosts are listed, or known from events only, that further ones are left out."),
  componentIds: z.number().int(),
  components: z.number().int(),
  providers: z.number().int(),
  unhealthyProviders: z.number().int(),
  silentProviders: z.number().int().describe("Providers that do not answer their health checks."),
  links: z.number().int(),
  linksReadAt: z.iso
    .datetime()
    .optional()
    .describe("When the list of links was read last; without it, links are known from events only."),
  eventsTotal: z.number().int(),
  eventsPerSecond: z.number(),
  malformedEvents: z.number().int(),
  unknownEvents: z.number().int(),
  silentHosts: z.array(z.object({ id: z.string(), friendlyName: z.string(), message: z.string() })),
  lastEventAt: z.iso.datetime().optional(),
});
export type LatticeRow = z.infer<typeof latticeRowSchema>;

/** How an update of a component is known. */
export const updateOriginSchema = z
  .enum(["sent", "open", "seen", "image-changed"])
  .describe(
    "sent: by this console. open: by this console, and its outcome is open. seen: somebody else's, by its events. image-changed: another image was found after the console had been away.",
  );
export type UpdateOrigin = z.infer<typeof updateOriginSchema>;

const fieldOriginSchema = z.enum(["running", "history", "request", "unknowable"]);
/** What a scale would do to each field of a running component (docs/architecture.md). */
export const scalePreviewSchema = z.object({
  hostId: z.string(),
  hostName: z.string(),
  componentId: z.string(),
  running: z.boolean(),
  request: z.object({
    imageReference: z.string(),
    maxInstances: z.number(),
    annotations: stringMapSchema,
    limits: stringMapSchema.optional(),
    config: z.array(z.string()),
  }),
  fields: z.array(
    z.object({
      field: z.enum(["maxInstances", "imageReference", "annotations", "limits", "config"]),
      now: z.string(),
      after: z.string(),
      knownFrom: fieldOriginSchema,
      effect: z
        .enum(["same", "changed", "lost", "may-be-lost", "ignored"])
        .describe("ignored: asked for, and the host takes none of it."),
    }),
  ),
  warnings: z.array(z.string()),
  managedByWadm: z.boolean(),
  updatedAt: z.iso
    .datetime()
    .optional()
    .describe(
      "When it was updated while its host ran: code from before that may go on answering until the host restarts.",
    ),
  updateOrigin: updateOriginSchema.optional(),
  /** Change of the running state since the preview is noticed by this value. */
  basis: z.string(),
});
export type ScalePreview = z.infer<typeof scalePreviewSchema>;

/** A number of instances as people say it. */
export function instancesText(count: number): string {
  return count === unboundedInstances ? "unbounded" : String(count);
}
