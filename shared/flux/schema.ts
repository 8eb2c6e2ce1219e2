import { z } from "zod";
import { connectionIdSchema } from "../connections/schema.ts";

/** Versions of the registration path (flux-rpc §0). */
export const protocolVersions = [6, 7, 8, 9, 10, 11] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

const daemonIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "use letters, digits, - and _ (at most 64)")
  .describe("Id of a daemon that has a token.");

export const onDaemonSchema = z.object({ connectionId: connectionIdSchema, daemonId: daemonIdSchema });

/** The daemon's git repository (flux-rpc §3.1.10). */
export const fluxRepositorySchema = z.object({
  url: z.string(),
  branch: z.string(),
  path: z.string().describe("Comma-joined paths; empty: the whole repository."),
  status: z
    .string()
    .describe("ready, cloned, new, unconfigured, unreachable; empty: the daemon is too old to say."),
  errors: z.string().describe("Why it is not ready."),
  publicKey: z.string().describe("One authorised-keys line; empty for HTTPS repositories."),
  fingerprints: z.record(z.string(), z.object({ hash: z.string(), randomart: z.string() })),
  readAt: z.iso.datetime(),
});
export type FluxRepository = z.infer<typeof fluxRepositorySchema>;

const syncErrorSchema = z.object({ id: z.string(), path: z.string(), error: z.string() });

/** How far the daemon has applied its repository. */
export const fluxSyncSchema = z.object({
  state: z.enum(["applied", "pending", "unknown"]),
  pending: z.array(z.string()).describe("Revisions not yet applied, newest first; at most 50."),
  pendingCount: z.number().int(),
  message: z.string().optional().describe("Why it is not known."),
  lastSyncAt: z.iso.datetime().optional().describe("Last sync that the daemon told about."),
  lastRevision: z.string().optional(),
  errors: z.array(syncErrorSchema).describe("What the last sync could not apply."),
  readAt: z.iso.datetime(),
});
export type FluxSync = z.infer<typeof fluxSyncSchema>;

/** A row of the topic `flux.daemons`. */
export const fluxDaemonRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(["waiting", "connected", "disconnected"]).describe("waiting: never connected yet."),
  statusSince: z.iso.datetime(),
  protocol: z.number().int().optional().describe("Version of the path that it dialled."),
  version: z.string().optional().describe("The daemon's own version; `unknown` where it has no such call."),
  userAgent: z.string().optional(),
  remoteAddress: z.string().optional(),
  relayed: z.boolean().describe("Reached through flux-adapter."),
  registrations: z.number().int().describe("How often it has connected since the console listens."),
  malformedAnswers: z
    .number()
    .int()
    .describe("Answers that could not be understood since the console listens; each cost its connection."),
  roundTripMs: z.number().optional().describe("Of the last answered Ping, which asks the cluster too."),
  lastEventAt: z.iso.datetime().optional(),
  lastError: z.object({ at: z.iso.datetime(), message: z.string() }).optional(),
  warnings: z.array(z.string()),
  repository: fluxRepositorySchema.optional(),
  sync: fluxSyncSchema.optional(),
  workloads: z
    .object({
      total: z.number().int(),
      automated: z.number().int(),
      locked: z.number().int(),
      ignored: z.number().int(),
      updating: z.number().int(),
      failing: z.number().int(),
    })
    .optional(),
  factsAt: z.iso
    .datetime()
    .optional()
    .describe("When version, repository, sync and workloads were last read."),
});
export type FluxDaemonRow = z.infer<typeof fluxDaemonRowSchema>;

const rolloutSchema = z.object({
  desired: z.number(),
  updated: z.number(),
  ready: z.number(),
  available: z.number(),
  outdated: z.number(),
  messages: z.array(z.string()),
});

/** One workload as the daemon lists it (flux-rpc §3.1.5). */
export const fluxWorkloadSchema = z.object({
  id: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  containers: z.array(z.object({ name: z.string(), image: z.string() })),
  status: z.string(),
  rollout: rolloutSchema.optional(),
  syncError: z.string(),
  antecedent: z.string().describe("HelmRelease that created it."),
  labels: z.record(z.string(), z.string()),
  automated: z.boolean(),
  locked: z.boolean(),
  ignored: z.boolean(),
  policies: z.record(z.string(), z.string()).describe("From the manifests in git."),
  refusal: z.string().optional().describe("Why neither release nor policy change is possible."),
});
export type FluxWorkload = z.infer<typeof fluxWorkloadSchema>;

const imageSchema = z.object({
  reference: z.string().describe("May be empty, or only `:tag` where nothing else is known."),
  digest: z.string().optional(),
  createdAt: z.string().optional(),
  lastFetched: z.string().optional(),
});
export type FluxImage = z.infer<typeof imageSchema>;

/** The images of one container: what runs, and what the registry offers (flux-rpc §3.1.4). */
export const fluxContainerImagesSchema = z.object({
  workloadId: z.string(),
  container: z.string(),
  running: z.string().describe("From the cluster; the registry's list may not know it."),
  pattern: z.string(),
  current: imageSchema,
  latestFiltered: imageSchema,
  available: z.array(imageSchema),
  availableError: z.string().optional(),
  counts: z.object({
    available: z.number().int(),
    newAvailable: z.number().int(),
    filtered: z.number().int(),
    newFiltered: z.number().int(),
  }),
});
export type FluxContainerImages = z.infer<typeof fluxContainerImagesSchema>;

const containerUpdateSchema = z.object({
  container: z.string().min(1),
  current: z.string().optional(),
  target: z.string(),
});

/** What a release or policy change did or would do to one workload (flux-rpc §3.1.8). */
export const workloadResultSchema = z.object({
  id: z.string(),
  status: z.string(),
  error: z.string().optional(),
  containers: z.array(containerUpdateSchema),
});
export type WorkloadResult = z.infer<typeof workloadResultSchema>;

/** A job of a daemon (flux-rpc §3.1.9). */
export const fluxJobSchema = z.object({
  id: z.string(),
  state: z
    .enum(["queued", "running", "failed", "succeeded", "forgotten"])
    .describe("forgotten: the daemon does not know it any more."),
  error: z.string(),
  revision: z.string().optional(),
  results: z.array(workloadResultSchema),
  readAt: z.iso.datetime(),
});
export type FluxJob = z.infer<typeof fluxJobSchema>;

/** An event that a daemon posted (flux-rpc §1.10). */
export const fluxEventSchema = z.object({
  sequence: z.number().int(),
  connectionId: z.string(),
  daemonId: z.string(),
  receivedAt: z.iso.datetime(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  type: z.string(),
  severity: z.enum(["info", "good", "warning", "bad"]),
  summary: z.string(),
  workloads: z.array(z.string()),
  revisions: z.array(z.string()).describe("Newest first."),
  user: z.string().optional(),
  errors: z.array(syncErrorSchema),
});
export type FluxEvent = z.infer<typeof fluxEventSchema>;
