import { z } from "zod";
import { httpAddressSchema } from "./http-address.ts";

/** How a proxy in front of a jobs server wants to know who calls; the server itself asks nobody. */
const forgeAuthenticationSchema = z.discriminatedUnion("method", [
  z.object({ method: z.literal("none") }),
  z.object({ method: z.literal("bearer") }),
  z.object({ method: z.literal("basic"), user: z.string().min(1) }),
  z.object({ method: z.literal("header"), name: z.string().regex(/^[A-Za-z0-9-]+$/, "a header's name") }),
]);

/** How to reach one forge-jobs server. */
export const forgeTargetSchema = z.object({
  url: httpAddressSchema,
  authentication: forgeAuthenticationSchema.default({ method: "none" }),
  requestTimeoutMs: z.number().int().min(100).max(120_000).default(10_000),
  caFile: z.string().min(1).optional(),
});
export type ForgeTarget = z.infer<typeof forgeTargetSchema>;
