import type { Migration } from "../../database.ts";

/** They are in a database of their own; what was here is taken over before this runs (`flux-event-move.ts`). */
export const withoutFluxEvents: Migration = {
  name: "without flux events",
  sql: "DROP TABLE flux_events;",
};
