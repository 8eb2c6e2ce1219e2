import { z } from "zod";
import { httpAddressSchema } from "./http-address.ts";

const valkeyAddressSchema = z
  .string()
  .trim()
  .regex(/^rediss?:\/\/[^\s/@?#]+$/, "write redis:// or rediss:// and host:port, without user or password");

/** The Valkey behind a FlowFabric server, for what only its partitions can tell. */
const valkeyTargetSchema = z.object({
  addresses: z.array(valkeyAddressSchema).min(1).max(64),
  cluster: z.boolean().default(false),
  user: z.string().min(1).optional(),
  database: z.number().int().min(0).max(65_535).optional(),
  caFile: z.string().min(1).optional(),
});

/** How to reach one FlowFabric server: over HTTP, directly at its Valkey, or both. */
export const flowfabricTargetSchema = z
  .object({
    url: httpAddressSchema.optional(),
    valkey: valkeyTargetSchema.optional(),
    authentication: z
      .discriminatedUnion("method", [
        z.object({ method: z.literal("none") }),
        z.object({ method: z.literal("bearer") }),
      ])
      .default({ method: "none" }),
    requestTimeoutMs: z.number().int().min(100).max(600_000).default(10_000),
    caFile: z.string().min(1).optional(),
    backend: z
      .enum(["unknown", "valkey", "postgres", "sqlite"])
      .default("unknown")
      .describe("What keeps the server's state, where the operator knows: no route of the server tells."),
  })
  .refine((target) => target.url !== undefined || target.valkey !== undefined, {
    path: ["url"],
    message: "give the server's address, the address of its Valkey, or both",
  });
export type FlowfabricTarget = z.infer<typeof flowfabricTargetSchema>;
