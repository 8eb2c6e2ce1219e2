import { z } from "zod";
import { command, query } from "../contract/index.ts";
import { latticePath, masked } from "./inputs.ts";
import { latticeScopeSchema } from "./schema.ts";

/** What a host has seen of one signed artifact (wasmcloud-control §3.12); there is neither expiry nor capabilities in it. */
export const claimSchema = z.object({
  kind: z.enum(["component", "provider", "unknown"]),
  subject: z.string().describe("The artifact's signing key: no component or provider id."),
  issuer: z.string(),
  name: z.string(),
  revision: z.string(),
  version: z.string(),
  callAlias: z.string().optional(),
  tags: z.array(z.string()),
  configSchema: z.string().optional().describe("JSON schema as text."),
});
export type Claim = z.infer<typeof claimSchema>;

const claimListSchema = z.object({
  claims: z.array(claimSchema),
  unreadable: z.number().int(),
  note: z.string(),
  readAt: z.iso.datetime(),
});

const credentialSchema = z
  .strictObject({
    username: z.string().min(1).max(4_096).optional(),
    password: z.string().min(1).max(65_536).optional(),
    token: z.string().min(1).max(65_536).optional(),
    registryType: z.string().trim().min(1).max(64).default("oci"),
  })
  .superRefine(({ username, password, token }, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    // Hosts take every other combination for anonymous, and say so in their own log only (wasmcloud-control §2.19).
    if ((username === undefined) !== (password === undefined))
      issue(username === undefined ? "username" : "password", "user name and password belong together");
    if (token !== undefined && username !== undefined)
      issue("token", "give a token, or user name and password");
  });

/** Credentials with nothing to read in them. */
function withoutSecrets(credential: z.infer<typeof credentialSchema>): z.infer<typeof credentialSchema> {
  const { registryType, ...secrets } = credential;
  return { ...masked(secrets), registryType };
}

/** Operations on signed artifacts and where images come from. */
export const artifactOperations = {
  "lattice.claims.list": query({
    method: "GET",
    path: `${latticePath}/claims`,
    summary: "Lists the claims of signed artifacts that the lattice has seen.",
    refresh: { everyMs: 30_000 },
    input: latticeScopeSchema,
    output: claimListSchema,
  }),
  "lattice.registries.put": command({
    method: "PUT",
    path: `${latticePath}/registries`,
    summary: "Gives every host credentials of image registries, until the host restarts.",
    hazard: "change",
    input: latticeScopeSchema.extend({
      registries: z
        .record(z.string().trim().min(1).max(256), credentialSchema)
        .refine((registries) => Object.keys(registries).length > 0, "name at least one registry"),
      collect: z
        .boolean()
        .default(false)
        .describe("Ask each host for an answer; otherwise nobody is asked, and nothing tells who took it."),
    }),
    title: (input) => `Put credentials of ${Object.keys(input.registries).sort().join(", ")}`,
    redact: (input) => ({
      ...input,
      registries: Object.fromEntries(
        Object.entries(input.registries).map(([host, credential]) => [host, withoutSecrets(credential)]),
      ),
    }),
  }),
};
