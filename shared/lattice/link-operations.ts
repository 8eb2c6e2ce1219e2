import { z } from "zod";
import { command, query } from "../contract/index.ts";
import { configNamesSchema, latticePath } from "./inputs.ts";
import { latticeScopeSchema, linkRowSchema, startableIdSchema } from "./schema.ts";

const filled = z
  .string()
  .max(256)
  .refine((text) => text.trim() !== "", "must not be empty");

/** What a deletion goes by; target and interfaces are no part of it (wasmcloud-control §2.14). */
const linkKeySchema = latticeScopeSchema.extend({
  sourceId: startableIdSchema,
  name: filled.default("default"),
  witNamespace: filled.describe("Such as wasi."),
  witPackage: filled.describe("Such as http."),
});

const putLinkSchema = linkKeySchema.extend({
  target: startableIdSchema,
  interfaces: z.array(filled).describe("Such as incoming-handler."),
  sourceConfig: configNamesSchema.default([]),
  targetConfig: configNamesSchema.default([]),
});

/** What a put would do to the links that are there. */
export const linkPreviewSchema = z.object({
  effect: z.enum(["new", "replaces", "same", "conflict"]),
  existing: linkRowSchema.optional().describe("The one that is replaced, or that stands in the way."),
  message: z.string(),
  warnings: z.array(z.string()),
});
export type LinkPreview = z.infer<typeof linkPreviewSchema>;

/** What a deletion would remove: of several links with the same key only one. */
const linkDeletionSchema = z.object({
  matches: z.array(linkRowSchema).describe("Links with this key; one of them goes."),
  message: z.string(),
  warnings: z.array(z.string()),
});
export type LinkDeletion = z.infer<typeof linkDeletionSchema>;

/** Operations on the links of a lattice. */
export const linkOperations = {
  "lattice.links.list": query({
    method: "GET",
    path: `${latticePath}/links`,
    summary: "Lists the links of a lattice.",
    refresh: "live",
    input: latticeScopeSchema,
    output: z.array(linkRowSchema),
  }),
  "lattice.links.preview-put": query({
    method: "POST",
    path: `${latticePath}/links/preview-put`,
    summary: "Shows whether a link is new, replaces another, or conflicts with one.",
    refresh: { everyMs: 3_000, requests: 0 },
    input: putLinkSchema,
    output: linkPreviewSchema,
  }),
  "lattice.links.put": command({
    method: "PUT",
    path: `${latticePath}/links`,
    summary: "Stores a link, or replaces the one with the same source, target, package and name.",
    hazard: "change",
    input: putLinkSchema,
    title: (input) => `Link ${input.sourceId} to ${input.target} (${keyText(input)})`,
  }),
  "lattice.links.preview-delete": query({
    method: "POST",
    path: `${latticePath}/links/preview-delete`,
    summary: "Shows which of the links with this source, package and name would go.",
    refresh: { everyMs: 3_000, requests: 0 },
    input: linkKeySchema,
    output: linkDeletionSchema,
  }),
  "lattice.links.delete": command({
    method: "DELETE",
    path: `${latticePath}/links`,
    summary: "Deletes one link with this source, package and name: the one that was stored first.",
    hazard: "destructive",
    input: linkKeySchema,
    title: (input) => `Delete link of ${input.sourceId} (${keyText(input)})`,
  }),
};

function keyText(link: { witNamespace: string; witPackage: string; name: string }): string {
  return `${link.witNamespace}:${link.witPackage}, ${link.name}`;
}
