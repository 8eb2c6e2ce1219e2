import { z } from "zod";
import { clip, readableText, textLimits } from "./foreign-text.ts";

/** Go writes an empty list or map as null, and leaves fields out (flux-rpc §3.1). */
function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
}

function map<T extends z.ZodType>(item: T) {
  return z
    .record(z.string(), item)
    .nullish()
    .transform(
      (value): Record<string, z.output<T>> =>
        Object.fromEntries(Object.entries(value ?? {}).map(([key, member]) => [name(key), member])),
    );
}

function name(value: string): string {
  return clip(value, textLimits.name);
}

/** A name, an id, a reference; none has so many characters that it is cut. */
const id = z.string().transform(name);
const text = z
  .string()
  .nullish()
  .transform((value) => name(value ?? ""));
/** A text that may be long, and is no sentence. */
const longText = z
  .string()
  .nullish()
  .transform((value) => clip(value ?? "", textLimits.words));
/** Words of a daemon for a person, which may repeat an address. */
const words = z
  .string()
  .nullish()
  .transform((value) => readableText(value ?? ""));
const helpText = z
  .string()
  .nullish()
  .transform((value) => readableText(value ?? "", textLimits.help));
/** A moment; what is none, such as Go's zero time, is left out. */
export const wireTime = z
  .string()
  .nullish()
  .transform((value) => (value && isMoment(value) ? value : undefined))
  .optional();

function isMoment(value: string): boolean {
  return (
    value.length <= 64 &&
    /^\d{4}-\d\d-\d\dT/.test(value) &&
    !value.startsWith("0001-") &&
    !Number.isNaN(Date.parse(value))
  );
}

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
/** How many of something: what no count can be is the nearest that one can. */
const count = z
  .number()
  .nullish()
  .transform((value) => Math.min(Math.max(Math.trunc(value ?? 0), 0), 2_147_483_647));

export const wireApplicationError = z.object({ type: text, help: helpText, error: words });

const wireImageInfo = z.object({
  ID: text,
  Digest: id.optional(),
  ImageID: id.optional(),
  CreatedAt: wireTime,
  LastFetched: wireTime,
});
export type WireImageInfo = z.output<typeof wireImageInfo>;

const emptyImage = { ID: "" };
const optionalImage = wireImageInfo.nullish().transform((value): WireImageInfo => value ?? emptyImage);

/** A container (flux-rpc §3.1.4). */
const wireContainer = z.object({
  Name: text,
  Current: optionalImage,
  LatestFiltered: optionalImage,
  Available: list(wireImageInfo),
  AvailableError: words,
  AvailableImagesCount: count,
  NewAvailableImagesCount: count,
  FilteredImagesCount: count,
  NewFilteredImagesCount: count,
});
export type WireContainer = z.output<typeof wireContainer>;

const wireRollout = z.object({
  Desired: count,
  Updated: count,
  Ready: count,
  Available: count,
  Outdated: count,
  Messages: list(z.string().transform((message) => readableText(message))),
});

/** Policies of a workload; old daemons may send an array of names (flux-rpc §3.1.6). */
const wirePolicies = z
  .union([z.record(z.string(), z.string()), z.array(z.string())])
  .nullish()
  .transform((value): Record<string, string> => {
    const entries = Array.isArray(value)
      ? value.map((each) => [each, "true"] as const)
      : Object.entries(value ?? {});
    return Object.fromEntries(entries.map(([key, each]) => [name(key), clip(each, textLimits.words)]));
  });

/** A workload's status (flux-rpc §3.1.5). */
const wireWorkload = z.object({
  ID: id,
  Containers: list(wireContainer),
  ReadOnly: text,
  Status: text,
  Rollout: wireRollout.nullish(),
  SyncError: words,
  Antecedent: text,
  Labels: map(id),
  Automated: flag,
  Locked: flag,
  Ignore: flag,
  Policies: wirePolicies,
});
export type WireWorkload = z.output<typeof wireWorkload>;
export const wireWorkloads = list(wireWorkload);

export const wireImages = list(z.object({ ID: id, Containers: list(wireContainer) }));
export type WireImages = z.output<typeof wireImages>;

/** A release result, keyed by workload (flux-rpc §3.1.8). */
export const wireResults = map(
  z.object({
    Status: text,
    Error: words,
    PerContainer: list(z.object({ Container: text, Current: text, Target: text })),
  }),
);
export type WireResults = z.output<typeof wireResults>;

/** A job's status (flux-rpc §3.1.9). */
export const wireJob = z.object({
  Result: z
    .object({ revision: text, spec: z.unknown().optional(), result: wireResults })
    .nullish()
    .transform((value) => value ?? { revision: "", spec: undefined, result: {} as WireResults }),
  Err: words,
  StatusString: text,
});
export type WireJob = z.output<typeof wireJob>;

/** The git configuration (flux-rpc §3.1.10). */
export const wireRepository = z.object({
  remote: z.object({ url: words, branch: text, path: longText }),
  publicSSHKey: z
    .object({ key: text, fingerprints: map(z.object({ hash: text, randomart: longText })) })
    .nullish()
    .transform((value) => value ?? { key: "", fingerprints: {} }),
  status: text,
  errors: words,
});
export type WireRepository = z.output<typeof wireRepository>;

export const wireRevisions = list(id);
export const wireText = z.string();
export const wireNothing = z.unknown();
