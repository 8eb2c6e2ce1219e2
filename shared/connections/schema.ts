import { z } from "zod";
import { failureSchema, guardSchema } from "../contract/index.ts";
import { flowfabricTargetSchema } from "./flowfabric-target.ts";
import { fluxTargetSchema } from "./flux-target.ts";
import { forgeTargetSchema } from "./forge-target.ts";

export const connectionIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "use letters, digits, - and _ (at most 64)")
  .describe("Id of a saved connection.");

/** Lattice names are subject tokens and bucket names (wasmcloud-control §1.6). */
export const latticeNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, "a lattice name has letters, digits, - and _ only");

const natsAddressSchema = z
  .string()
  .trim()
  .regex(
    /^(nats|tls|ws|wss):\/\/[^\s/@]+$/,
    "write nats://, tls://, ws:// or wss:// and host:port, without user or password",
  );

export const authenticationSchema = z.discriminatedUnion("method", [
  z.object({ method: z.literal("none") }),
  z.object({ method: z.literal("password"), user: z.string().min(1) }),
  z.object({ method: z.literal("token") }),
  z.object({ method: z.literal("nkey") }),
  z.object({
    method: z.literal("credentials"),
    file: z.string().optional().describe("Path of a .creds file; without it its text is a secret."),
  }),
  z.object({
    method: z.literal("jwt"),
    jwtFile: z.string().optional(),
    seedFile: z.string().optional(),
  }),
]);
export type Authentication = z.infer<typeof authenticationSchema>;

/** Which secrets exist; their values are written and never read back. */
export const secretNames = [
  "password",
  "token",
  "seed",
  "credentials",
  "jwt",
  "header",
  "valkeyPassword",
] as const;
export const secretNameSchema = z.enum(secretNames);
export type SecretName = z.infer<typeof secretNameSchema>;
export const secretsSchema = z.partialRecord(secretNameSchema, z.string().min(1).max(65_536));
export type Secrets = z.infer<typeof secretsSchema>;

const subjectPrefixSchema = z
  .string()
  .regex(
    /^[^\s.*>]+(\.[^\s.*>]+)*$/,
    "a subject prefix has tokens joined by dots, without spaces or wildcards",
  );

/** How to reach one lattice (more than one may live on the same servers). */
export const latticeTargetSchema = z.object({
  addresses: z.array(natsAddressSchema).min(1).max(16),
  lattice: latticeNameSchema.default("default"),
  topicPrefix: subjectPrefixSchema.default("wasmbus.ctl"),
  eventPrefix: subjectPrefixSchema.default("wasmbus.evt"),
  jetStreamDomain: z.string().min(1).optional(),
  inboxPrefix: subjectPrefixSchema.optional().describe("Where replies go, for users who may not use _INBOX."),
  requestTimeoutMs: z.number().int().min(100).max(120_000).default(2_000),
  auctionTimeoutMs: z.number().int().min(100).max(120_000).default(5_000),
  heartbeatSeconds: z.number().min(0.05).max(3_600).default(30),
  authentication: authenticationSchema.default({ method: "none" }),
  tls: z
    .object({
      caFile: z.string().optional(),
      certificateFile: z.string().optional(),
      keyFile: z.string().optional(),
      handshakeFirst: z.boolean().optional(),
    })
    .default({}),
});
export type LatticeTarget = z.infer<typeof latticeTargetSchema>;

const draftIdentity = {
  name: z.string().trim().min(1).max(60),
  color: z.string().regex(/^#[0-9a-fA-F]{6}$/, "a colour such as #4dabf7"),
  environment: z.string().trim().min(1).max(12).describe("Badge, such as DEV, STAGE, PROD."),
  guard: guardSchema.default("confirm"),
  relockMinutes: z
    .number()
    .int("a whole number of minutes")
    .min(0, "0 asks for the name every time")
    .max(240, "at most 4 hours")
    .default(0)
    .describe("Protected: minutes that the typed name unlocks it for; 0 asks for it every time."),
  openAtStart: z.boolean().default(true),
};

const identity = {
  ...draftIdentity,
  id: connectionIdSchema,
  /** Simulated systems on this machine; made by the console itself. */
  playground: z.boolean().default(false),
};

/** Each system with its target: what a profile leads to. */
const targets = {
  lattice: z.object({ system: z.literal("lattice"), target: latticeTargetSchema }),
  flowfabric: z.object({ system: z.literal("flowfabric"), target: flowfabricTargetSchema }),
  forge: z.object({ system: z.literal("forge"), target: forgeTargetSchema }),
  flux: z.object({ system: z.literal("flux"), target: fluxTargetSchema }),
};
export const targetSettingsSchema = z.discriminatedUnion("system", [
  targets.lattice,
  targets.flowfabric,
  targets.forge,
  targets.flux,
]);
export type TargetSettings = z.infer<typeof targetSettingsSchema>;

/** A saved connection to a lattice. */
export const latticeProfileSchema = targets.lattice.extend(identity);

/** A saved connection without its secrets. */
export const connectionProfileSchema = z.discriminatedUnion("system", [
  latticeProfileSchema,
  targets.flowfabric.extend(identity),
  targets.forge.extend(identity),
  targets.flux.extend(identity),
]);
export type ConnectionProfile = z.infer<typeof connectionProfileSchema>;

/** Systems that a connection can lead to. */
export const systems = ["lattice", "flowfabric", "forge", "flux"] as const;
export type System = ConnectionProfile["system"];
export type ProfileOf<S extends System> = Extract<ConnectionProfile, { system: S }>;

/** A profile as it is saved: its id stands beside it, and only the console makes simulated ones. */
export const connectionDraftSchema = z.discriminatedUnion("system", [
  targets.lattice.extend(draftIdentity),
  targets.flowfabric.extend(draftIdentity),
  targets.forge.extend(draftIdentity),
  targets.flux.extend(draftIdentity),
]);
export type ConnectionDraftProfile = z.input<typeof connectionDraftSchema>;

const connectionStates = ["closed", "opening", "open", "reconnecting", "failed"] as const;
export const connectionStatusSchema = z.object({
  state: z.enum(connectionStates),
  since: z.iso.datetime(),
  roundTripMs: z.number().optional(),
  server: z.string().optional().describe("Address of the server in use, without credentials."),
  failure: failureSchema.optional(),
});
export type ConnectionStatus = z.infer<typeof connectionStatusSchema>;

/** A row of the topic `connections`. */
export const connectionRowSchema = z.object({
  profile: connectionProfileSchema,
  status: connectionStatusSchema,
  secretsHeld: z.array(secretNameSchema),
});
export type ConnectionRow = z.infer<typeof connectionRowSchema>;

/** One step of a connection test, in order; the first failed one is the diagnosis. */
export const diagnosisSchema = z.object({
  ok: z.boolean(),
  summary: z.string(),
  failure: failureSchema.optional(),
  steps: z.array(
    z.object({
      name: z.enum([
        "resolve",
        "connect",
        "tls",
        "authenticate",
        "permissions",
        "lattice",
        "request",
        "system",
      ]),
      outcome: z.enum(["passed", "failed", "warning", "skipped"]),
      message: z.string(),
      durationMs: z.number().optional(),
    }),
  ),
  server: z
    .object({ version: z.string(), name: z.string(), maxPayloadBytes: z.number().optional() })
    .optional(),
  roundTripMs: z.number().optional(),
  hosts: z.array(z.object({ id: z.string(), friendlyName: z.string(), version: z.string() })).default([]),
  lattices: z.array(z.string()).default([]).describe("Lattices seen or known on these servers."),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** A context of another tool, found on this machine. */
export const importableSchema = z.object({
  key: z.string().describe("Stable name of the source, to be sent back to `connections.import`."),
  source: z.enum(["nats", "wash"]),
  name: z.string(),
  file: z.string(),
  profile: latticeProfileSchema.optional(),
  secrets: z.array(secretNameSchema).describe("Secrets that an import would take over."),
  warnings: z.array(z.string()),
  problem: z.string().optional().describe("Why it cannot be imported."),
});
export type Importable = z.infer<typeof importableSchema>;
