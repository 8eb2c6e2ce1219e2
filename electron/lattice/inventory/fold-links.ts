import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import type { Link } from "../client/control-types.ts";
import type { KnownEvent } from "../events/event-types.ts";
import type { InventoryDraft } from "./inventory-draft.ts";
import { linkRow } from "./inventory-rows.ts";

const linkKey = latticeTopics["lattice.links"].key;

/** Folds a link that was set; whichever host says so (wasmcloud-control trap 14). */
export function foldLinkSet(draft: InventoryDraft, link: Link): void {
  const before = draft.state.links.get(linkKey(link));
  const row = linkRow(link, before);
  if (row !== before) draft.putLink(row);
}

/**
 * Folds `linkdef_deleted`: one link goes. Hosts before 1.3 do not say which target it had; where several links fit,
 * the list must be read (wasmcloud-control §4.13, trap 16). Folded once more after a list was read, it takes none:
 * the list may lack that link already, and what the copies say once they had time to follow decides.
 */
export function foldLinkDeleted(
  draft: InventoryDraft,
  event: Extract<KnownEvent, { type: "linkdef_deleted" }>,
  overlapping: boolean,
): void {
  const { target } = event;
  if (target !== undefined) {
    const key = linkKey({ ...event, target, interfaces: [], sourceConfig: [], targetConfig: [] });
    if (draft.state.links.has(key)) draft.removeLink(key);
    return;
  }
  const fitting: string[] = [];
  for (const [key, row] of draft.state.links) if (fits(row, event)) fitting.push(key);
  if (fitting.length === 1 && !overlapping) draft.removeLink(fitting[0] as string);
  else if (fitting.length > 0) draft.needsLinks();
}

/** The list of all links takes the place of what was known; of one that was read in part, what is missing may be there. */
export function foldLinks(draft: InventoryDraft, links: readonly Link[], skipped: number): void {
  const listed = new Map(links.map((link) => [linkKey(link), link]));
  for (const link of listed.values()) foldLinkSet(draft, link);
  if (skipped > 0) return;
  for (const key of draft.state.links.keys()) if (!listed.has(key)) draft.removeLink(key);
}

function fits(row: LinkRow, event: Extract<KnownEvent, { type: "linkdef_deleted" }>): boolean {
  return (
    row.sourceId === event.sourceId &&
    row.name === event.name &&
    row.witNamespace === event.witNamespace &&
    row.witPackage === event.witPackage
  );
}
