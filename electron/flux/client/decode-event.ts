import { z } from "zod";
import { ownValue, parseBoundedJson } from "../../../shared/contract/index.ts";
import type { FluxEvent, WorkloadResult } from "../../../shared/flux/schema.ts";
import { clip, readableText, textLimits } from "./foreign-text.ts";
import { policyMessageOf } from "./policy-messages.ts";
import { resultsOf } from "./rows.ts";
import { wireResults, wireTime } from "./wire.ts";

/** What an event says, before it is kept. */
export type DecodedFluxEvent = Omit<FluxEvent, "sequence" | "connectionId" | "daemonId" | "receivedAt"> & {
  raw: string;
  /** Of a commit: what it came from, as the daemon sent it. */
  spec?: unknown;
  /** What became of each workload, sorted by id. */
  results: WorkloadResult[];
  /** Of a sync: what it applied, newest first; old daemons tell no messages. */
  commits: { revision: string; message: string }[];
};

/** A commit may have the whole repository in it. */
const longestRaw = 262_144;

/** What is kept and shown of the lists of an event has an end. */
const longestList = 20_000;

/** A list of which so many are kept. */
function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (Array.isArray(value) ? value.slice(0, longestList) : value),
    z.array(item).nullish(),
  );
}

const name = z.string().transform((value) => clip(value, textLimits.name));
const words = z.string().transform((value) => readableText(value));
const strings = list(name).transform((value) => value ?? []);

const eventSchema = z.object({
  serviceIDs: strings,
  type: name.pipe(z.string().min(1)),
  // An event is worth more than its times: one that is none is left out.
  startedAt: wireTime.catch(undefined),
  endedAt: wireTime.catch(undefined),
  logLevel: z.string().optional(),
  message: words.optional(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
type WireEvent = z.output<typeof eventSchema>;

// Tolerant in every part: mixed capitalisation and left-out members are normal here (flux-rpc §1.10).
const metadataSchema = z.object({
  revision: name.optional().catch(undefined),
  Revision: name.optional().catch(undefined),
  commits: list(z.object({ revision: name, message: words.optional() })).catch([]),
  revisions: strings.catch([]),
  includes: z.record(z.string(), z.unknown()).nullish().catch({}),
  errors: list(z.object({ ID: name.optional(), Path: name.optional(), Error: words.optional() })).catch([]),
  initialSync: z.boolean().optional().catch(undefined),
  result: wireResults.catch({}),
  error: words.optional().catch(undefined),
  spec: z.unknown().optional(),
  cause: z.object({ Message: words.optional(), User: name.optional() }).optional().catch(undefined),
});
type Metadata = z.output<typeof metadataSchema>;

/** Reads an event that a daemon posted (flux-rpc §1.10); what cannot be read is kept as `malformed`. Never throws. */
export function decodeFluxEvent(body: string): DecodedFluxEvent {
  try {
    return decode(body);
  } catch (error) {
    return malformed(
      body,
      `it led to an error: ${error instanceof Error ? error.message : "an unknown one"}`,
    );
  }
}

function malformed(body: string, reason: string): DecodedFluxEvent {
  const summary = clip(`An event that cannot be read: ${reason}`, textLimits.words);
  return { ...nothing, type: "malformed", severity: "warning", summary, raw: clip(body, longestRaw) };
}

function decode(body: string): DecodedFluxEvent {
  const parsed = parse(body);
  const event = eventSchema.safeParse(parsed);
  if (!event.success)
    return malformed(
      body,
      parsed === undefined ? "it is not JSON" : (event.error.issues[0]?.message ?? "it is no event"),
    );
  const metadata = metadataSchema.parse(event.data.metadata ?? {});
  const errors = (metadata.errors ?? []).map(({ ID = "", Path = "", Error: error = "" }) => ({
    id: ID,
    path: Path,
    error,
  }));
  const summary = event.data.message || summarise(event.data, metadata, errors.length);
  return {
    type: event.data.type,
    severity: severityOf(event.data, metadata, errors.length),
    summary: clip(summary, textLimits.words),
    startedAt: event.data.startedAt,
    endedAt: event.data.endedAt,
    workloads: event.data.serviceIDs,
    revisions: revisionsOf(metadata),
    user: metadata.cause?.User || userOf(metadata.spec),
    errors,
    raw: clip(body, longestRaw),
    results: resultsOf(metadata.result),
    commits: (metadata.commits ?? []).map(({ revision, message = "" }) => ({ revision, message })),
    ...(event.data.type === "commit" && { spec: metadata.spec }),
  };
}

/** Characters of an event as it is listed; its lists are cut where they are longer, so that a page of many stays small. */
const listedSize = 64 * 1024;

/** What of an event is listed; its summary tells how many there were of what is cut. */
export function listedEvent(
  decoded: DecodedFluxEvent,
): Omit<DecodedFluxEvent, "raw" | "spec" | "results" | "commits"> {
  const { raw: _raw, spec: _spec, results: _results, commits: _commits, ...event } = decoded;
  const cut = (most: number) => ({
    ...event,
    workloads: event.workloads.slice(0, most),
    revisions: event.revisions.slice(0, most),
    errors: event.errors.slice(0, most),
  });
  const fitting = [1_000, 100].map(cut).find((listed) => JSON.stringify(listed).length <= listedSize);
  return fitting ?? cut(5);
}

const nothing = { workloads: [], revisions: [], errors: [], results: [], commits: [] };

function parse(body: string): unknown {
  try {
    return parseBoundedJson(body);
  } catch {
    return undefined;
  }
}

function revisionsOf({ revision, Revision, commits, revisions }: Metadata): string[] {
  const single = revision ?? Revision;
  if (single) return [single];
  return commits && commits.length > 0 ? commits.map((commit) => commit.revision) : revisions;
}

function userOf(spec: unknown): string | undefined {
  const cause = (spec as { cause?: { User?: unknown } } | null | undefined)?.cause;
  return typeof cause?.User === "string" && cause.User !== "" ? clip(cause.User, textLimits.name) : undefined;
}

function severityOf(
  { logLevel, type }: WireEvent,
  { error }: Metadata,
  errors: number,
): FluxEvent["severity"] {
  if (logLevel === "error" || error) return "bad";
  if (logLevel === "warn" || errors > 0) return "warning";
  return type === "release" || type === "autorelease" || type === "sync" ? "good" : "info";
}

function summarise(event: WireEvent, metadata: Metadata, errors: number): string {
  const short = revisionsOf(metadata)[0]?.slice(0, 7);
  const what = changeMessage(event, metadata);
  const why = policyMessageOf(metadata.spec);
  const { error } = metadata;
  switch (event.type) {
    case "sync":
      return syncMessage(metadata, short, errors);
    case "commit":
      return `Committed ${short ?? "a change"}${why ? ` (${why})` : ""}${what ? `: ${what}` : ", which changed nothing"}`;
    case "release":
    case "autorelease":
      return `${event.type === "release" ? "Released" : "Released by automation"} ${what || "nothing"}${error ? `, with an error: ${error}` : ""}`;
    default:
      return `${event.type.replaceAll("_", " ")}${what ? ` ${what}` : ""}`;
  }
}

function syncMessage(
  { commits, revisions, initialSync }: Metadata,
  short: string | undefined,
  errors: number,
): string {
  const count = commits?.length || revisions.length;
  const applied = `${initialSync ? "Applied for the first time" : "Applied"} ${count} ${count === 1 ? "commit" : "commits"}`;
  const upTo = short ? ` up to ${short}` : "";
  return `${applied}${upTo}${errors > 0 ? `; ${errors} ${errors === 1 ? "resource" : "resources"} failed` : ""}`;
}

function changeMessage({ serviceIDs }: WireEvent, { result }: Metadata): string {
  const ids = serviceIDs.length > 0 ? serviceIDs : Object.keys(result);
  const target = ids.length === 1 ? ownValue(result, ids[0] as string)?.PerContainer[0]?.Target : undefined;
  if (ids.length > 3) return `${ids.length} workloads`;
  return `${target ? `${target} to ` : ""}${ids.join(", ")}`;
}
