import type { FilterFields } from "../contract/filter-match.ts";
import type { EventRow } from "./schema.ts";

/** What the filter `is:` knows about events. */
export const eventTraits = {
  malformed: (row: Pick<EventRow, "type" | "known">) => row.type === "malformed",
  unknown: (row: Pick<EventRow, "type" | "known">) => !row.known && row.type !== "malformed",
};
export type EventTrait = keyof typeof eventTraits;

/**
 * The filter fields of events. `raw` only fits rows that carry their raw text: live rows do not,
 * so a filter with `raw` is to be answered by the log.
 */
export const eventFilterFields: FilterFields<EventRow & { raw?: string }> = {
  fields: {
    type: (row) => row.type,
    host: (row) => [row.source, row.sourceName].filter((text) => text !== undefined),
    id: (row) => row.entityId,
    kind: (row) => row.entityKind,
    severity: (row) => row.severity,
    lattice: (row) => row.lattice,
    is: (row) => (Object.keys(eventTraits) as EventTrait[]).filter((trait) => eventTraits[trait](row)),
    text: (row) => row.summary,
    raw: (row) => row.raw,
  },
  defaultFields: ["text", "type", "id", "host"],
};
