import { z } from "zod";
import { query } from "../contract/index.ts";
import { latticePath } from "./inputs.ts";
import {
  hostStatuses,
  imageReferenceSchema,
  latticeScopeSchema,
  startableIdSchema,
  stringMapSchema,
} from "./schema.ts";

const auctionOutcomes = ["bid", "already-runs", "label-differs", "silent", "wrong-bid"] as const;

/** What became of one host in an auction. */
export const auctionHostSchema = z.object({
  hostId: z.string(),
  hostName: z.string(),
  version: z.string(),
  status: z.enum([...hostStatuses, "unknown"]),
  outcome: z.enum(auctionOutcomes),
  message: z.string().describe("Why, in one sentence."),
  eligible: z.boolean().describe("It may be started there."),
  answeredAfterMs: z.number().optional(),
  runsAlready: z.boolean(),
  differences: z.array(z.object({ key: z.string(), wanted: z.string(), found: z.string().optional() })),
  load: z.object({
    components: z.number().int(),
    instances: z.number().int().describe("Sum of max_instances, unbounded ones counted as 1."),
    providers: z.number().int(),
  }),
});
export type AuctionHost = z.infer<typeof auctionHostSchema>;

/** One answer to an auction that is still open. */
export const auctionReplySchema = auctionHostSchema.extend({ auctionId: z.string() });
export type AuctionReply = z.infer<typeof auctionReplySchema>;

export const auctionResultSchema = z.object({
  kind: z.enum(["component", "provider"]),
  id: z.string(),
  imageReference: z.string(),
  constraints: stringMapSchema,
  simulated: z.boolean().describe("Computed from what is known; nothing was sent."),
  windowMs: z.number().int(),
  tookMs: z.number(),
  hosts: z.array(auctionHostSchema).describe("Eligible ones first, the least loaded first."),
  refusals: z.array(z.string()).describe("What hosts said that could not read the request."),
  unreadable: z.number().int().describe("Messages that were no reply at all."),
  notes: z.array(z.string()),
});
export type AuctionResult = z.infer<typeof auctionResultSchema>;

const auctionSchema = latticeScopeSchema.extend({
  imageReference: imageReferenceSchema,
  constraints: stringMapSchema
    .default({})
    .describe("Labels that a host must have, with exactly these values."),
  simulate: z.boolean().default(false).describe("Only compute from what is known; send nothing."),
  auctionId: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, "an auction id has letters, digits and - only, 64 at most")
    .optional()
    .describe("While the window is open, the topic lattice.auctions holds each answer under this id."),
});

/** Auctions change nothing and reserve nothing (wasmcloud-control §2.4). */
export const auctionOperations = {
  "lattice.auctions.component": query({
    method: "POST",
    path: `${latticePath}/auctions/component`,
    summary: "Asks which hosts would take a component, and says why the others would not.",
    refresh: "once",
    input: auctionSchema.extend({ componentId: startableIdSchema }),
    output: auctionResultSchema,
  }),
  "lattice.auctions.provider": query({
    method: "POST",
    path: `${latticePath}/auctions/provider`,
    summary: "Asks which hosts would take a provider, and says why the others would not.",
    refresh: "once",
    input: auctionSchema.extend({ providerId: startableIdSchema }),
    output: auctionResultSchema,
  }),
};
