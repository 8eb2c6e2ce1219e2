import type { Migration } from "../../database.ts";

/** `activity_records` is the log; `activities` points at the newest record of each activity, for lists. */
export const activityRecords: Migration = {
  name: "activity-records",
  sql: `
    CREATE TABLE activity_records (
      sequence INTEGER PRIMARY KEY,
      activity_id TEXT NOT NULL,
      body TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX activity_records_by_activity ON activity_records (activity_id);

    CREATE TRIGGER activity_records_are_never_updated BEFORE UPDATE ON activity_records
    BEGIN SELECT RAISE(ABORT, 'activity records are append-only: no update'); END;
    CREATE TRIGGER activity_records_are_never_deleted BEFORE DELETE ON activity_records
    BEGIN SELECT RAISE(ABORT, 'activity records are append-only: no delete'); END;
    CREATE TRIGGER activity_records_are_never_replaced BEFORE INSERT ON activity_records
    WHEN NEW.sequence <= (SELECT max(sequence) FROM activity_records)
    BEGIN SELECT RAISE(ABORT, 'activity records are append-only: the sequence is taken'); END;

    CREATE TABLE activities (
      id TEXT PRIMARY KEY,
      first_sequence INTEGER NOT NULL UNIQUE,
      last_sequence INTEGER NOT NULL REFERENCES activity_records (sequence),
      connection_id TEXT NOT NULL,
      state TEXT NOT NULL,
      batch TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX activities_by_connection ON activities (connection_id, first_sequence);
    CREATE INDEX activities_by_state ON activities (state, first_sequence);
    CREATE INDEX activities_by_batch ON activities (batch, first_sequence) WHERE batch IS NOT NULL;
  `,
};
