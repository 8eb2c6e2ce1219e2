import type { Migration } from "../../database.ts";

/**
 * From here on a record holds only what differs from the one before it of the same activity (`differs`), and the oldest records
 * can go: up to the checkpoint, with what later ones build on in `activity_bases`. Lists search in `activities.searched`.
 */
export const activityRetention: Migration = {
  name: "activity retention",
  sql: `
    ALTER TABLE activity_records ADD COLUMN differs INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE activity_records ADD COLUMN updated_at TEXT;

    ALTER TABLE activities ADD COLUMN searched TEXT NOT NULL DEFAULT '{}';
    UPDATE activities SET searched = (
      SELECT json_object(
        'operation', json_extract(body, '$.operation'),
        'startedAt', json_extract(body, '$.startedAt'),
        'target', json_extract(body, '$.target'),
        'title', json_extract(body, '$.title'),
        'message', json_extract(body, '$.message'),
        'reason', json_extract(body, '$.reason'),
        'actor', json_extract(body, '$.actor'))
      FROM activity_records WHERE sequence = last_sequence);
    CREATE UNIQUE INDEX activities_by_end ON activities (last_sequence);

    CREATE TABLE activity_checkpoint (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      sequence INTEGER NOT NULL,
      hash TEXT NOT NULL,
      at TEXT NOT NULL,
      mac TEXT
    ) STRICT;
    CREATE TABLE activity_bases (
      activity_id TEXT PRIMARY KEY REFERENCES activities (id) ON DELETE CASCADE,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    DROP TRIGGER activity_records_are_never_deleted;
    CREATE TRIGGER activity_records_are_deleted_only_behind_the_checkpoint BEFORE DELETE ON activity_records
    WHEN OLD.sequence > coalesce((SELECT sequence FROM activity_checkpoint), 0)
    BEGIN SELECT RAISE(ABORT, 'activity records are append-only: no delete'); END;
  `,
};
