import { z } from "zod";

/** A daemon that may register here; its token was shown once, and only its hash is kept. */
const fluxDaemonSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "use letters, digits, - and _ (at most 64)"),
  name: z.string().trim().min(1).max(60),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 hash, hex"),
});

/** Where this console listens for Flux daemons: they call us. */
export const fluxTargetSchema = z.object({
  host: z.string().trim().min(1).default("127.0.0.1"),
  port: z.number().int().min(0).max(65_535).describe("0 takes a free one."),
  certificateFile: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
  daemons: z.array(fluxDaemonSchema).max(1_000).default([]),
});
export type FluxTarget = z.infer<typeof fluxTargetSchema>;
