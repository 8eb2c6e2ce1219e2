import type { Migration } from "../../database.ts";

/** Made for appending and for reading one span of time; `at` is in seconds. */
export const samples: Migration = {
  name: "samples",
  sql: `
    CREATE TABLE metric_series (
      id INTEGER PRIMARY KEY,
      connection_id TEXT NOT NULL,
      family TEXT NOT NULL,
      subject TEXT NOT NULL,
      UNIQUE (connection_id, family, subject)
    ) STRICT;

    CREATE TABLE metric_samples (
      series INTEGER NOT NULL,
      at INTEGER NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (series, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX metric_samples_by_time ON metric_samples (at);
  `,
};
