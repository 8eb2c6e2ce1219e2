import { createHmac, randomBytes } from "node:crypto";
import { canonicalJson, type Finding, ownValue, type Verdict } from "../../../shared/contract/index.ts";
import type { ConfigPreview, ConfigUsage } from "../../../shared/lattice/config-operations.ts";
import { isSecretName, masked, maskedValue } from "../../../shared/lattice/inputs.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import { eventFinding, readEvidence } from "../../upstream/evidence.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import type { ConfigUse } from "./config-history.ts";

type Values = Record<string, string>;
type Entry = ConfigPreview["entries"][number];
type LinkUser = ConfigUsage["links"][number];
const linkKey = latticeTopics["lattice.links"].key;

/** Who uses a config: links name it, and so did our own commands. */
export function configUsage(
  name: string,
  known: {
    links: readonly LinkRow[];
    /** Without it, links are known from events only. */
    linksReadAt?: string | undefined;
    /** Links that we put, and that may be stored. */
    openLinks: readonly LinkRow[];
    uses: readonly ConfigUse[];
    place(use: ConfigUse): { hostName: string; running: boolean };
  },
): ConfigUsage {
  const certain = linkUsers(name, known.links);
  const isListed = ({ link, side }: LinkUser): boolean =>
    certain.some((each) => each.side === side && linkKey(each.link) === linkKey(link));
  const possible = linkUsers(name, known.openLinks).filter((user) => !isListed(user));
  return {
    name,
    links: [...certain, ...possible.map((user) => ({ ...user, possible: true }))],
    workloads: known.uses.map((use) => ({
      kind: use.kind,
      id: use.id,
      hostId: use.hostId,
      ...known.place(use),
      ...(use.open && { possible: true }),
    })),
    note: `${known.linksReadAt === undefined ? "The list of links could not be read: links that name it may be missing here. " : ""}Hosts do not tell which configs their components and providers use; others may have been started with it elsewhere.`,
  };
}

/** The links that name a config, once for each side that does. */
function linkUsers(name: string, links: readonly LinkRow[]): LinkUser[] {
  const on = (side: LinkUser["side"], names: (link: LinkRow) => string[]): LinkUser[] =>
    links.filter((link) => names(link).includes(name)).map((link) => ({ link, side }));
  return [
    ...on("source", ({ sourceConfig }) => sourceConfig),
    ...on("target", ({ targetConfig }) => targetConfig),
  ];
}

/** Compares key by key; of a secret reference only the keys are told, not even whether a value is the same. */
export function planConfig(
  put: { name: string; values: Values },
  stored: Values | undefined,
  usage: ConfigUsage,
): ConfigPreview {
  const secret = isSecretName(put.name);
  const now = stored ?? {};
  const keys = [...new Set([...Object.keys(now), ...Object.keys(put.values)])].sort();
  const entries = keys.map((key) =>
    entryOf(key, { now: ownValue(now, key), after: ownValue(put.values, key), secret }),
  );
  const warnings: string[] = [];
  if (entries.some(({ effect }) => effect === "removed"))
    warnings.push("A put replaces the whole config: the keys that are left out are removed.");
  const users = [...usage.links, ...usage.workloads];
  if (users.some(({ possible }) => !possible))
    warnings.push("It is in use: running components and providers get the new values at once.");
  else if (users.length > 0)
    warnings.push(
      "It may be in use, by commands whose outcome is open: who uses it gets the new values at once.",
    );
  const basis = configBasis(stored);
  return { name: put.name, exists: stored !== undefined, secret, entries, usage, warnings, basis };
}

/** With a key of this process, so that the mark of a secret's values cannot be guessed at. */
const basisKey = randomBytes(32);

/** What is stored under a name, as a short mark that changes with it. */
export function configBasis(stored: Values | undefined): string {
  return createHmac("sha256", basisKey)
    .update(canonicalJson(stored ?? null))
    .digest("hex")
    .slice(0, 16);
}

/** A config as it may be shown. */
export function shownValues(name: string, values: Values): Values {
  return isSecretName(name) ? masked(values) : values;
}

/** Reads an event as evidence; it names the config only, and any host may have published it. */
export function configFinding(
  type: "config_set" | "config_deleted",
  name: string,
  from: { event: DecodedEvent; at: string },
): Finding | undefined {
  const { event } = from;
  if (event.kind !== "known" || event.type !== type || event.configName !== name) return undefined;
  const message =
    type === "config_set" ? "A host reports that it is stored." : "A host reports that it is deleted.";
  return eventFinding("confirmed", message, from);
}

/** What was put; of a record that is judged later, the values of some keys were not kept. */
interface PutValues {
  values: Values;
  notKept: readonly string[];
}

/** Holds a config just read against what was put, as far as that is known. */
export function configPutVerdict(
  { values, notKept }: PutValues,
  stored: Values | undefined,
  at: string,
): Verdict {
  if (!stored) {
    const message = "There is no such config. It was not stored, or somebody deleted it since.";
    return { verdict: "failed", message, evidence: readEvidence(at, "There is no such config.", null) };
  }
  const evidence = readEvidence(at, "The stored config was read.", { keys: Object.keys(stored).sort() });
  const known = { ...values, ...pick(stored, notKept) };
  if (sameValues(known, stored)) {
    if (notKept.length === 0)
      return { verdict: "verified", message: "The stored config is as wanted.", evidence };
    const rest = notKept.length < Object.keys(values).length ? ", and all other values are as wanted" : "";
    const message = `A config with these keys is stored${rest}. The values of ${notKept.join(", ")} were not kept, so they cannot be compared.`;
    return { verdict: "unknown", message, evidence };
  }
  const message = "The stored config has other values. It was not stored, or somebody changed it since.";
  return { verdict: "failed", message, evidence };
}

/** Holds a config just read against its deletion. */
export function configDeleteVerdict(stored: Values | undefined, at: string): Verdict {
  if (!stored) {
    const message = "There is no such config.";
    return { verdict: "verified", message, evidence: readEvidence(at, message, null) };
  }
  const summary = "The config is still there.";
  const message = `${summary} It was not deleted, or somebody stored it again.`;
  return {
    verdict: "failed",
    message,
    evidence: readEvidence(at, summary, { keys: Object.keys(stored).sort() }),
  };
}

function entryOf(
  key: string,
  values: { now: string | undefined; after: string | undefined; secret: boolean },
): Entry {
  const { now, after, secret } = values;
  const entry: Entry = { key, effect: effectOf(now, after, secret) };
  if (now !== undefined) entry.now = secret ? maskedValue : now;
  if (after !== undefined) entry.after = secret ? maskedValue : after;
  return entry;
}

function effectOf(now: string | undefined, after: string | undefined, secret: boolean): Entry["effect"] {
  if (now === undefined) return "added";
  if (after === undefined) return "removed";
  return now === after && !secret ? "same" : "changed";
}

function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

function sameValues(a: Values, b: Values): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
