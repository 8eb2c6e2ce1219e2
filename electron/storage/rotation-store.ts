import type { Database } from "./database.ts";

/** A kept rotation; its text never holds the secret, which lives with the other secrets. */
export interface KeptRotation {
  id: string;
  connectionId: string;
  body: string;
}

export interface RotationStore {
  load(): KeptRotation[];
  put(rotation: KeptRotation): void;
  removeOf(connectionId: string): void;
}

/** Keeps the rotations of FlowFabric secrets as text; what the text holds is the caller's business. */
export function rotationStore(database: Database): RotationStore {
  const select = database.prepare("SELECT id, connection_id, body FROM flowfabric_rotations ORDER BY id");
  const upsert = database.prepare(
    "INSERT INTO flowfabric_rotations (id, connection_id, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  );
  const erase = database.prepare("DELETE FROM flowfabric_rotations WHERE connection_id = ?");
  return {
    load: () =>
      select.all().map((row) => ({
        id: String(row.id),
        connectionId: String(row.connection_id),
        body: String(row.body),
      })),
    put: ({ id, connectionId, body }) => {
      upsert.run([id, connectionId, body]);
    },
    removeOf: (connectionId) => {
      erase.run([connectionId]);
    },
  };
}
