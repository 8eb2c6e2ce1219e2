import type { Migration } from "../../database.ts";

/** Connections that were removed: their events up to the last sequence are not shown, and are taken out bit by bit. */
export const fluxEventErasure: Migration = {
  name: "flux event erasure",
  sql: `
    CREATE TABLE flux_event_erasure (
      connection_id TEXT PRIMARY KEY,
      last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
