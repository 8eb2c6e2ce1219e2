import type { Database } from "./database.ts";

export interface ProfileStore {
  load(): { id: string; body: string }[];
  put(id: string, body: string): void;
  remove(id: string): void;
}

/** Keeps the non-secret part of each connection profile as text; what the text holds is the caller's business. */
export function profileStore(database: Database): ProfileStore {
  const select = database.prepare("SELECT id, body FROM profiles ORDER BY id");
  const upsert = database.prepare(
    "INSERT INTO profiles (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  );
  const erase = database.prepare("DELETE FROM profiles WHERE id = ?");
  return {
    load: () => select.all().map((row) => ({ id: String(row.id), body: String(row.body) })),
    put: (id, body) => {
      upsert.run([id, body]);
    },
    remove: (id) => {
      erase.run([id]);
    },
  };
}
