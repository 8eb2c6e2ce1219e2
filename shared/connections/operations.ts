import { z } from "zod";
import { local, query } from "../contract/index.ts";
import { guardedRemove, guardedSave } from "./guarded-changes.ts";
import {
  connectionDraftSchema,
  connectionIdSchema,
  connectionRowSchema,
  diagnosisSchema,
  importableSchema,
  type Secrets,
  secretsSchema,
  targetSettingsSchema,
} from "./schema.ts";

/** Which secrets were given, and nothing of what they are. */
function masked(secrets: Secrets): Secrets {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, "(secret)"]));
}

const byId = z.object({ connectionId: connectionIdSchema });

export const connectionsOperations = {
  "connections.list": query({
    method: "GET",
    path: "/connections",
    summary: "Lists the saved connections with their status.",
    refresh: "live",
    input: z.object({}),
    output: z.array(connectionRowSchema),
  }),
  "connections.save": local({
    method: "PUT",
    path: "/connections/{connectionId}",
    summary: "Saves a connection; secrets are kept apart and cannot be read back.",
    input: z.object({
      connectionId: connectionIdSchema,
      profile: connectionDraftSchema,
      secrets: secretsSchema.optional(),
    }),
    output: connectionRowSchema,
    guarded: guardedSave,
    redact: ({ secrets, ...rest }) => ({ ...rest, ...(secrets && { secrets: masked(secrets) }) }),
  }),
  "connections.remove": local({
    method: "DELETE",
    path: "/connections/{connectionId}",
    summary:
      "Closes a connection and removes it with its secrets, events, figures and rotations; its activities stay.",
    input: byId,
    output: z.object({ removed: z.boolean() }),
    guarded: guardedRemove,
  }),
  "connections.test": local({
    method: "POST",
    path: "/connections/{connectionId}/test",
    summary: "Tries a connection step by step and says what is wrong.",
    input: z.object({
      connectionId: connectionIdSchema,
      settings: targetSettingsSchema.optional().describe("Unsaved settings; without them the saved ones."),
      secrets: secretsSchema.optional(),
    }),
    output: diagnosisSchema,
  }),
  "connections.open": local({
    method: "POST",
    path: "/connections/{connectionId}/open",
    summary: "Opens a connection.",
    input: byId,
    output: connectionRowSchema,
  }),
  "connections.close": local({
    method: "POST",
    path: "/connections/{connectionId}/close",
    summary: "Closes a connection.",
    input: byId,
    output: connectionRowSchema,
  }),
  "connections.discover": query({
    method: "GET",
    path: "/connections/importable",
    summary: "Lists contexts of the nats and wash command lines on this machine.",
    refresh: "once",
    input: z.object({}),
    output: z.array(importableSchema),
  }),
  "connections.import": local({
    method: "POST",
    path: "/connections/import",
    summary: "Imports contexts as connections.",
    input: z.object({ keys: z.array(z.string()).min(1).max(200) }),
    output: z.object({
      imported: z.array(connectionRowSchema),
      failed: z.array(z.object({ key: z.string(), message: z.string() })),
    }),
  }),
};
