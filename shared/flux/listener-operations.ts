import { z } from "zod";
import { guardedAccess } from "../connections/guarded-changes.ts";
import { local, query } from "../contract/index.ts";
import { fluxPath, onDaemonPath } from "./inputs.ts";
import { fluxDaemonRowSchema, onDaemonSchema } from "./schema.ts";

/** The one port that is open for others, and who knocked in vain. */
export const fluxListenerSchema = z.object({
  listening: z.boolean(),
  url: z.string().optional().describe("Base address for `--connect`."),
  tls: z.boolean(),
  loopbackOnly: z.boolean().describe("Only programs on this machine reach it."),
  sockets: z.number().int().describe("Daemons that are connected."),
  strangers: z.number().int().describe("Sockets that have not shown a token yet."),
  refusedCount: z.number().int().describe("Attempts refused since the console listens."),
  evictedCount: z
    .number()
    .int()
    .describe("Sockets closed because they showed no token in time, or were too many."),
  refused: z.array(
    z.object({
      at: z.iso.datetime(),
      remoteAddress: z.string(),
      path: z.string().describe("Empty where no request was made."),
      reason: z.string(),
      count: z.number().int(),
    }),
  ),
  droppedEvents: z.number().int().describe("Events accepted but not kept, because there were too many."),
});
export type FluxListener = z.infer<typeof fluxListenerSchema>;

/** A new token; it is not kept and cannot be shown again. */
const issuedTokenSchema = z.object({
  daemon: fluxDaemonRowSchema,
  token: z.string(),
  flags: z.array(z.string()).describe("What to add to the arguments of fluxd."),
});
export type IssuedToken = z.infer<typeof issuedTokenSchema>;

/** Operations on the listener and on who may connect to it. */
export const fluxListenerOperations = {
  "flux.listener.get": query({
    method: "GET",
    path: `${fluxPath}/listener`,
    summary: "Says where daemons reach this console and who was refused lately.",
    refresh: { everyMs: 5_000, requests: 0 },
    input: onDaemonSchema.pick({ connectionId: true }),
    output: fluxListenerSchema,
  }),
  "flux.daemons.add": local({
    method: "PUT",
    path: onDaemonPath,
    summary: "Makes a token for a new daemon; it is shown once.",
    input: onDaemonSchema.extend({ name: z.string().trim().min(1, "a name is needed").max(60) }),
    output: issuedTokenSchema,
    guarded: guardedAccess("Make a token for the daemon"),
  }),
  "flux.daemons.renew-token": local({
    method: "POST",
    path: `${onDaemonPath}/token`,
    summary: "Makes a new token for a daemon; the former one ends at once.",
    input: onDaemonSchema,
    output: issuedTokenSchema,
    guarded: guardedAccess("Renew the token of the daemon"),
  }),
  "flux.daemons.remove": local({
    method: "DELETE",
    path: onDaemonPath,
    summary: "Revokes a daemon's token and drops its connection.",
    input: onDaemonSchema,
    output: z.object({ removed: z.boolean() }),
    guarded: guardedAccess("Revoke the token of the daemon", { mayLiftReadOnly: true }),
  }),
};
