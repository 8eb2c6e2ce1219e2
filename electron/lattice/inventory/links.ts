import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import type { Link } from "../client/control-types.ts";
import type { DecodedEvent, KnownEvent } from "../events/event-types.ts";
import { inventoryLimits } from "./inventory-limits.ts";

const linkKey = latticeTopics["lattice.links"].key;

/** What a fact changes in the links. */
export interface LinkChanges {
  readonly rows: readonly LinkRow[];
  readonly removed: readonly string[];
  /** The list of links must be read, because the fact alone cannot tell. */
  readonly needsRead: boolean;
}

export const noLinkChanges: LinkChanges = { rows: [], removed: [], needsRead: false };

/** The links of a lattice by their keys. */
export class Links {
  readonly #rows = new Map<string, LinkRow>();

  get rows(): ReadonlyMap<string, LinkRow> {
    return this.#rows;
  }

  commit({ rows, removed }: LinkChanges): void {
    for (const key of removed) this.#rows.delete(key);
    for (const row of rows) this.#rows.set(linkKey(row), row);
  }
}

/** Folds an event about a link, whichever host says so (wasmcloud-control trap 14). */
export function foldLinkEvent({ rows }: Links, event: DecodedEvent, overlapping: boolean): LinkChanges {
  if (event.kind !== "known") return noLinkChanges;
  if (event.type === "linkdef_deleted") return foldDeleted(rows, event, overlapping);
  if (event.type !== "linkdef_set") return noLinkChanges;
  // What an event alone says has an end; the list that is read does not depend on it.
  if (rows.size >= inventoryLimits.links) return { ...noLinkChanges, needsRead: true };
  const changed = changedRow(rows, event.link);
  return changed ? { ...noLinkChanges, rows: [changed] } : noLinkChanges;
}

/** The list of all links takes the place of what was known; of one that was read in part, what is missing may be there. */
export function foldLinkList({ rows }: Links, links: readonly Link[], skipped: number): LinkChanges {
  const listed = new Map(links.map((link) => [linkKey(link), link]));
  const changed = [...listed.values()].flatMap((link) => changedRow(rows, link) ?? []);
  const removed = skipped > 0 ? [] : [...rows.keys()].filter((key) => !listed.has(key));
  return { rows: changed, removed, needsRead: false };
}

type Deleted = Extract<KnownEvent, { type: "linkdef_deleted" }>;

/**
 * One link goes. Hosts before 1.3 do not say which target it had; where several links fit, the list must be read
 * (wasmcloud-control §4.13, trap 16). Folded once more after a list was read, it takes none: the list may lack that
 * link already, and what the copies say once they had time to follow decides.
 */
function foldDeleted(rows: Links["rows"], event: Deleted, overlapping: boolean): LinkChanges {
  const { target } = event;
  if (target !== undefined) {
    const key = linkKey({ ...event, target, interfaces: [], sourceConfig: [], targetConfig: [] });
    return rows.has(key) ? { ...noLinkChanges, removed: [key] } : noLinkChanges;
  }
  const fitting: string[] = [];
  for (const [key, row] of rows) if (fits(row, event)) fitting.push(key);
  if (fitting.length === 0) return noLinkChanges;
  if (fitting.length === 1 && !overlapping) return { ...noLinkChanges, removed: fitting };
  return { ...noLinkChanges, needsRead: true };
}

function fits(row: LinkRow, event: Deleted): boolean {
  return (
    row.sourceId === event.sourceId &&
    row.name === event.name &&
    row.witNamespace === event.witNamespace &&
    row.witPackage === event.witPackage
  );
}

/** The row of a link that differs from what is known of it. */
function changedRow(rows: Links["rows"], link: Link): LinkRow | undefined {
  const before = rows.get(linkKey(link));
  const same =
    before &&
    sameList(before.interfaces, link.interfaces) &&
    sameList(before.sourceConfig, link.sourceConfig) &&
    sameList(before.targetConfig, link.targetConfig);
  return same ? undefined : { ...link };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
