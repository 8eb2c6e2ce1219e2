import type { Migration } from "../../database.ts";

/**
 * Made for appending: few values a row, nothing sorted but by sequence.
 * `event_origins` holds once what thousands of events share; its id is the sequence of the first event that used it.
 * `event_texts` holds the raw texts of a run of events in one row, so that a scan of the events does not read them.
 * NOCASE and LIKE ignore the case of ASCII letters only, which is what the filter grammar promises for ASCII terms.
 */
export const events: Migration = {
  name: "events",
  sql: `
    CREATE TABLE event_origins (
      id INTEGER PRIMARY KEY,
      connection_id TEXT NOT NULL,
      lattice TEXT NOT NULL COLLATE NOCASE,
      type TEXT NOT NULL COLLATE NOCASE,
      known INTEGER NOT NULL,
      severity TEXT NOT NULL COLLATE NOCASE,
      source TEXT COLLATE NOCASE,
      source_name TEXT COLLATE NOCASE,
      entity_kind TEXT NOT NULL COLLATE NOCASE,
      subject TEXT NOT NULL
    ) STRICT;

    CREATE TABLE events (
      sequence INTEGER PRIMARY KEY,
      origin INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      time TEXT,
      entity_id TEXT NOT NULL COLLATE NOCASE,
      summary TEXT NOT NULL COLLATE NOCASE
    ) STRICT;

    CREATE TABLE event_texts (
      first_sequence INTEGER PRIMARY KEY,
      lengths TEXT NOT NULL,
      texts TEXT NOT NULL
    ) STRICT;
  `,
};
