import { z } from "zod";
import { withoutPasswords } from "./without-passwords.ts";

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
    .transform((value) => value ?? ({} as Record<string, z.output<T>>));
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
/** Words of a daemon for a person, which may repeat an address. */
const words = text.transform(withoutPasswords);
/** A moment; what is none, such as Go's zero time, is left out. */
export const wireTime = z
  .string()
  .nullish()
  .transform((value) => (value && isMoment(value) ? value : undefined))
  .optional();

function isMoment(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(value) && !value.startsWith("0001-") && !Number.isNaN(Date.parse(value));
}

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

export const wireApplicationError = z.object({ type: text, help: words, error: words });

const wireImageInfo = z.object({
  ID: text,
  Digest: z.string().optional(),
  ImageID: z.string().optional(),
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
  AvailableError: text,
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
  Messages: list(z.string()),
});

/** Policies of a workload; old daemons may send an array of names (flux-rpc §3.1.6). */
const wirePolicies = z
  .union([z.record(z.string(), z.string()), z.array(z.string())])
  .nullish()
  .transform((value): Record<string, string> => {
    if (!value) return {};
    return Array.isArray(value) ? Object.fromEntries(value.map((name) => [name, "true"])) : value;
  });

/** A workload's status (flux-rpc §3.1.5). */
const wireWorkload = z.object({
  ID: z.string(),
  Containers: list(wireContainer),
  ReadOnly: text,
  Status: text,
  Rollout: wireRollout.nullish(),
  SyncError: words,
  Antecedent: text,
  Labels: map(z.string()),
  Automated: flag,
  Locked: flag,
  Ignore: flag,
  Policies: wirePolicies,
});
export type WireWorkload = z.output<typeof wireWorkload>;
export const wireWorkloads = list(wireWorkload);

export const wireImages = list(z.object({ ID: z.string(), Containers: list(wireContainer) }));
export type WireImages = z.output<typeof wireImages>;

/** A release result, keyed by workload (flux-rpc §3.1.8). */
export const wireResults = map(
  z.object({
    Status: text,
    Error: text,
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
  remote: z.object({ url: words, branch: text, path: text }),
  publicSSHKey: z
    .object({ key: text, fingerprints: map(z.object({ hash: text, randomart: text })) })
    .nullish()
    .transform((value) => value ?? { key: "", fingerprints: {} }),
  status: text,
  errors: words,
});
export type WireRepository = z.output<typeof wireRepository>;

export const wireRevisions = list(z.string());
export const wireText = z.string();
export const wireNothing = z.unknown();
