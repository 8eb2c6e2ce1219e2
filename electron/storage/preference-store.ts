import { type PreferenceChange, type Preferences, preferencesSchema } from "../../shared/console/schema.ts";
import type { Database } from "./database.ts";

export interface PreferenceStore {
  load(): Preferences;
  /** What is not given stays as it is. */
  save(change: PreferenceChange): void;
}

/** Keeps what a person prefers, one row a preference; what cannot be read is as if it had never been chosen. */
export function preferenceStore(database: Database): PreferenceStore {
  const select = database.prepare("SELECT name, body FROM preferences");
  const upsert = database.prepare(
    "INSERT INTO preferences (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
  );
  return {
    load: () => {
      const kept = select.all().flatMap((row) => readOne(String(row.name), String(row.body)));
      return preferencesSchema.parse(Object.fromEntries(kept));
    },
    save: (change) => {
      database.transaction(() => {
        for (const [name, value] of Object.entries(change))
          if (value !== undefined) upsert.run([name, JSON.stringify(value)]);
      });
    },
  };
}

function readOne(name: string, body: string): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(body);
    return preferencesSchema.partial().safeParse({ [name]: value }).success ? [[name, value]] : [];
  } catch {
    return [];
  }
}
