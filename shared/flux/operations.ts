import { z } from "zod";
import { query } from "../contract/index.ts";
import { fluxChangeOperations } from "./change-operations.ts";
import { fluxPath, onDaemonPath } from "./inputs.ts";
import { fluxListenerOperations } from "./listener-operations.ts";
import {
  fluxContainerImagesSchema,
  fluxDaemonRowSchema,
  fluxEventSchema,
  fluxJobSchema,
  fluxRepositorySchema,
  fluxSyncSchema,
  fluxWorkloadSchema,
  onDaemonSchema,
  workloadResultSchema,
} from "./schema.ts";

/** Operations that read what daemons know. */
const fluxQueryOperations = {
  "flux.daemons.list": query({
    method: "GET",
    path: `${fluxPath}/daemons`,
    summary: "Lists the daemons that have a token, connected or not.",
    refresh: "live",
    input: onDaemonSchema.pick({ connectionId: true }),
    output: z.array(fluxDaemonRowSchema),
  }),
  "flux.daemons.get": query({
    method: "GET",
    path: onDaemonPath,
    summary: "Asks a daemon for its version, repository and sync state now.",
    refresh: "live",
    input: onDaemonSchema,
    output: fluxDaemonRowSchema,
  }),
  "flux.workloads.list": query({
    method: "GET",
    path: `${onDaemonPath}/workloads`,
    summary: "Lists the workloads of a daemon, sorted by id.",
    refresh: { everyMs: 15_000 },
    input: onDaemonSchema.extend({ namespace: z.string().max(253).default("") }),
    output: z.array(fluxWorkloadSchema),
  }),
  "flux.images.list": query({
    method: "GET",
    path: `${onDaemonPath}/images`,
    summary: "Lists what each container runs and what its registry offers.",
    refresh: { everyMs: 60_000, requests: 2 },
    input: onDaemonSchema.extend({
      workload: z.string().max(512).default("").describe("One workload; without it all."),
      namespace: z.string().max(253).default(""),
      tags: z
        .boolean()
        .default(true)
        .describe("Also every tag on offer; without them the answer is short, also on the daemon's way."),
    }),
    output: z.array(fluxContainerImagesSchema),
  }),
  "flux.export.get": query({
    method: "GET",
    path: `${onDaemonPath}/export`,
    summary: "Exports the cluster's workloads as YAML, without what the cluster itself added.",
    refresh: "once",
    input: onDaemonSchema.extend({
      raw: z.boolean().default(false).describe("Exactly as the daemon sent it."),
    }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    download: true,
  }),
  "flux.sync.get": query({
    method: "GET",
    path: `${onDaemonPath}/sync`,
    summary: "Says which commits up to a revision are not applied yet.",
    refresh: "by hand",
    input: onDaemonSchema.extend({
      revision: z
        .string()
        .trim()
        .max(200)
        .default("")
        .describe("Revision or branch; without it, the branch that the daemon follows."),
    }),
    output: fluxSyncSchema,
  }),
  "flux.repo.get": query({
    method: "GET",
    path: `${onDaemonPath}/repo`,
    summary: "Shows the daemon's repository, its state and its public key.",
    refresh: "by hand",
    input: onDaemonSchema,
    output: fluxRepositorySchema,
  }),
  "flux.jobs.get": query({
    method: "GET",
    path: `${onDaemonPath}/jobs/{jobId}`,
    summary: "Asks what became of a job; final states are remembered when the daemon has forgotten them.",
    refresh: { everyMs: 5_000 },
    input: onDaemonSchema.extend({ jobId: z.string().trim().min(1).max(100) }),
    output: fluxJobSchema,
  }),
  "flux.events.list": query({
    method: "GET",
    path: `${fluxPath}/events`,
    summary: "Lists the events that daemons posted, newest first.",
    refresh: "live",
    input: z.object({
      connectionId: onDaemonSchema.shape.connectionId,
      daemonId: onDaemonSchema.shape.daemonId.optional(),
      before: z.number().int().optional().describe("Only events with a smaller sequence."),
      limit: z.number().int().min(1).max(1_000).default(200),
    }),
    output: z.array(fluxEventSchema),
  }),
  "flux.events.get": query({
    method: "GET",
    path: `${fluxPath}/events/{sequence}`,
    summary: "Shows one event as the daemon sent it.",
    refresh: "immutable",
    input: z.object({ connectionId: onDaemonSchema.shape.connectionId, sequence: z.number().int() }),
    output: z.object({
      event: fluxEventSchema,
      results: z.array(workloadResultSchema).describe("What became of each workload; sorted by id."),
      commits: z
        .array(z.object({ revision: z.string(), message: z.string() }))
        .describe("What a sync has applied, newest first."),
      raw: z.unknown(),
    }),
  }),
};

/** Every operation on Flux daemons, by name. */
export const fluxOperations = {
  ...fluxQueryOperations,
  ...fluxListenerOperations,
  ...fluxChangeOperations,
};
