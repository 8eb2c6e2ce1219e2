import type { Migration } from "../../database.ts";

/** Which sequences are still to be looked through for events whose origins were taken out; one row or none. */
export const eventErasure: Migration = {
  name: "event erasure",
  sql: `
    CREATE TABLE event_erasure (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      next INTEGER NOT NULL,
      end INTEGER NOT NULL
    ) STRICT;
  `,
};
