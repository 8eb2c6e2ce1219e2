import { canonicalJson, type Finding, type Verdict } from "../../../shared/contract/index.ts";
import type { LinkDeletion, LinkPreview } from "../../../shared/lattice/link-operations.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { eventFinding, readEvidence } from "../../upstream/evidence.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import { allStrict, type LinkHosts, secondTargetWarning } from "./link-rules.ts";

export type LinkKeyFields = Pick<LinkRow, "sourceId" | "name" | "witNamespace" | "witPackage">;

/** Whether two links are the same to a deletion (wasmcloud-control §3.8). */
export function sameKey(a: LinkKeyFields, b: LinkKeyFields): boolean {
  return (
    a.sourceId === b.sourceId &&
    a.name === b.name &&
    a.witNamespace === b.witNamespace &&
    a.witPackage === b.witPackage
  );
}

/** The link that stands in the way: same key, another target, an interface in common (wasmcloud-control §2.13). */
export function conflictingLink(link: LinkRow, links: readonly LinkRow[]): LinkRow | undefined {
  return links.find(
    (other) =>
      sameKey(other, link) &&
      other.target !== link.target &&
      other.interfaces.some((name) => link.interfaces.includes(name)),
  );
}

/** A link with the same key and another target, whatever the interfaces; some hosts take it for a conflict. */
function secondTarget(link: LinkRow, links: readonly LinkRow[]): LinkRow | undefined {
  return links.find((other) => sameKey(other, link) && other.target !== link.target);
}

/** The link that every host of the lattice would take for a conflict (wasmcloud-control §2.13). */
export function certainConflict(
  link: LinkRow,
  known: { links: readonly LinkRow[]; hosts: LinkHosts },
): LinkRow | undefined {
  return (
    conflictingLink(link, known.links) ??
    (allStrict(known.hosts) ? secondTarget(link, known.links) : undefined)
  );
}

/** What a put does to the links that are there. */
export function planLink(
  link: LinkRow,
  known: { links: readonly LinkRow[]; ids: ReadonlySet<string>; hosts: LinkHosts },
): LinkPreview {
  const warnings = endWarnings(link, known.ids);
  const rival = certainConflict(link, known);
  const second = rival ? undefined : secondTarget(link, known.links) && secondTargetWarning(known.hosts);
  if (second) warnings.unshift(second);
  if (rival) return { effect: "conflict", existing: rival, message: conflictText(link, rival), warnings };
  const existing = known.links.find((other) => sameKey(other, link) && other.target === link.target);
  if (!existing) return { effect: "new", message: "A new link.", warnings };
  if (sameContent(existing, link))
    return { effect: "same", existing, message: "The same link is there already.", warnings };
  const message =
    "It replaces the link between the same ends as a whole: interfaces and configs are not merged.";
  return { effect: "replaces", existing, message, warnings };
}

/**
 * What a deletion removes: one of the links with its key, the first that is stored (wasmcloud-control §2.14). Reading them tells
 * no order (§2.15), so that where there are several nobody can know beforehand which.
 */
export function planLinkDeletion(found: readonly LinkRow[], ids: ReadonlySet<string>): LinkDeletion {
  const matches = [...found].sort((a, b) => (a.target < b.target ? -1 : 1));
  const [first, ...others] = matches;
  if (!first) return { matches, message: "There is no such link; a deletion changes nothing.", warnings: [] };
  const { sourceId } = first;
  const warnings = matches
    .filter(({ target }) => ids.has(sourceId) && ids.has(target))
    .map(
      ({ target }) =>
        `${sourceId} and ${target} both run: what ${sourceId} asks of ${target} over this link fails once it is gone.`,
    );
  if (others.length === 0) {
    const message = `The link from ${sourceId} to ${first.target} goes; no other has this key.`;
    return { matches, message, warnings };
  }
  const targets = matches.map(({ target }) => target).join(", ");
  const message = `One of the ${matches.length} links from ${sourceId} to ${targets} goes: the one that was stored first, and nothing tells which that is. A deletion names neither target nor interfaces.`;
  return { matches, message, warnings };
}

/** Why a link cannot be put, naming the one in the way. */
export function conflictText(link: LinkRow, rival: LinkRow): string {
  const shared = rival.interfaces.filter((name) => link.interfaces.includes(name)).join(", ");
  if (shared === "")
    return `${link.sourceId} is linked to ${rival.target} already for ${link.witNamespace}:${link.witPackage} under the name ${link.name}, and hosts 1.3.0 to 1.4.2 refuse a second target whatever the interfaces.`;
  return `${link.sourceId} is linked to ${rival.target} already for ${link.witNamespace}:${link.witPackage}/${shared} under the name ${link.name}.`;
}

/** Reads an event as evidence of a put; any host may have published it (wasmcloud-control trap 14). */
export function linkPutFinding(link: LinkRow, event: DecodedEvent, at: string): Finding | undefined {
  if (event.kind !== "known") return undefined;
  if (event.type !== "linkdef_set" && event.type !== "linkdef_set_failed") return undefined;
  if (!sameContent(event.link, link)) return undefined;
  if (event.type === "linkdef_set")
    return eventFinding("confirmed", "A host reports that the link is stored.", { event, at });
  return eventFinding("failed", `A host reports that it was rejected: ${event.error}`, { event, at });
}

/** Reads an event as evidence of a deletion; `target` tells which link went (hosts from 1.3 on). */
export function linkDeleteFinding(key: LinkKeyFields, event: DecodedEvent, at: string): Finding | undefined {
  if (event.kind !== "known" || event.type !== "linkdef_deleted" || !sameKey(event, key)) return undefined;
  const what = event.target === undefined ? "the deletion" : `that the link to ${event.target} was removed`;
  return eventFinding("confirmed", `A host reports ${what}.`, { event, at });
}

/** Holds the links just read against the one that was put. */
export function linkPutVerdict(link: LinkRow, links: readonly LinkRow[], at: string): Verdict {
  const found = links.find((other) => sameKey(other, link) && other.target === link.target);
  if (found && sameContent(found, link)) {
    const message = "The lattice's links show it.";
    return { verdict: "verified", message, evidence: readEvidence(at, message, found) };
  }
  const summary = found
    ? "The lattice's links show it with other interfaces or configs."
    : "The lattice's links do not show it.";
  const message = `${summary} ${staleOrLost}`;
  return { verdict: "unknown", message, evidence: readEvidence(at, summary, found) };
}

/** Any host answers from a copy that may lag, and parallel changes of one source lose each other (§2.13, §2.15). */
const staleOrLost =
  "The host that answered may have an old copy, or another change of this source undid it. Read again in a while, and repeat it if it is not so then.";

/** What is known of a deletion when the links have been read again. */
export interface DeletionOutcome {
  /** Links with the key before; undefined when nobody looked. */
  before: readonly LinkRow[] | undefined;
  after: readonly LinkRow[];
  /** From the event, if it told. */
  removedTarget: string | undefined;
}

/** Says which link went, and which with the same key remain: only the first match is removed (trap 16). */
export function linkDeleteVerdict({ before, after, removedTarget }: DeletionOutcome, at: string): Verdict {
  const targets = after.map(({ target }) => target);
  const gone = removedTarget ?? before?.find(({ target }) => !targets.includes(target))?.target;
  const rest =
    after.length === 0
      ? "No link with this key is left."
      : `Still there with the same key: the one to ${targets.join(", the one to ")}. Delete again to remove the next.`;
  const evidence = readEvidence(at, rest, after);
  if (before?.length === 0 && after.length === 0)
    return { verdict: "verified", message: "There was no such link.", evidence };
  if (gone !== undefined)
    return { verdict: "verified", message: `The link to ${gone} was removed. ${rest}`, evidence };
  if (after.length === 0) return { verdict: "verified", message: rest, evidence };
  if (before === undefined) return { verdict: "unknown", message: rest, evidence };
  return { verdict: "unknown", message: `${rest} ${staleOrLost}`, evidence };
}

function sameContent(a: LinkRow, b: LinkRow): boolean {
  return canonicalJson(comparable(a)) === canonicalJson(comparable(b));
}

/** Interfaces are a set; configs are in order. */
function comparable(link: LinkRow): object {
  const { sourceId, target, name, witNamespace, witPackage, sourceConfig, targetConfig } = link;
  const interfaces = [...new Set(link.interfaces)].sort();
  return { sourceId, target, name, witNamespace, witPackage, sourceConfig, targetConfig, interfaces };
}

function endWarnings(link: LinkRow, ids: ReadonlySet<string>): string[] {
  const ends = [link.sourceId, link.target].filter((id) => !ids.has(id));
  const list = ends.map((id) => `Nothing called ${id} is known to run; the link waits until it does.`);
  if (link.interfaces.length === 0) list.push("Without interfaces the link carries nothing.");
  return list;
}
