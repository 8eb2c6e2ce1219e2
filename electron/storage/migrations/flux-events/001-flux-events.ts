import type { Migration } from "../../database.ts";

/** Events that Flux daemons posted, as text beside what they are found by. */
export const fluxEvents: Migration = {
  name: "flux events",
  sql: `
    CREATE TABLE flux_events (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      connection_id TEXT NOT NULL,
      daemon_id TEXT NOT NULL,
      body TEXT NOT NULL,
      raw TEXT NOT NULL
    ) STRICT;
    CREATE INDEX flux_events_by_connection ON flux_events (connection_id, sequence);
  `,
};
