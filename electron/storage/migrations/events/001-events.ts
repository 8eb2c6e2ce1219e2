import type { Migration } from "../../database.ts";

/**
 * The raw text stands apart, so that a scan of the rows does not read it.
 * NOCASE and LIKE ignore the case of ASCII letters only, which is what the filter grammar promises for ASCII terms.
 * An index ends with the rowid, so each one gives its rows newest first without sorting.
 */
export const events: Migration = {
  name: "events",
  sql: `
    CREATE TABLE events (
      sequence INTEGER PRIMARY KEY,
      connection_id TEXT NOT NULL,
      lattice TEXT NOT NULL COLLATE NOCASE,
      received_at INTEGER NOT NULL,
      time TEXT,
      type TEXT NOT NULL COLLATE NOCASE,
      known INTEGER NOT NULL,
      severity TEXT NOT NULL COLLATE NOCASE,
      source TEXT COLLATE NOCASE,
      source_name TEXT COLLATE NOCASE,
      entity_kind TEXT NOT NULL COLLATE NOCASE,
      entity_id TEXT NOT NULL COLLATE NOCASE,
      summary TEXT NOT NULL COLLATE NOCASE
    ) STRICT;
    CREATE INDEX events_by_lattice ON events (lattice, connection_id);
    CREATE INDEX events_by_type ON events (type);
    CREATE INDEX events_by_entity ON events (entity_id);

    CREATE TABLE event_texts (
      sequence INTEGER PRIMARY KEY,
      subject TEXT NOT NULL,
      raw TEXT NOT NULL COLLATE NOCASE
    ) STRICT;
  `,
};
