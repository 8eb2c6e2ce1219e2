import type { Database } from "./database.ts";

/** A kept rotation; its text never holds the secret, which lives with the other secrets. */
export interface KeptRotation {
  id: string;
  connectionId: string;
  body: string;
}

export interface RotationStore {
  load(): KeptRotation[];
  /** Throws where there is a rotation of this id already. */
  add(rotation: KeptRotation): void;
  /** Throws where the rotation was removed: a late write does not bring it back. */
  update(rotation: Pick<KeptRotation, "id" | "body">): void;
  remove(id: string): void;
}

/** Keeps the rotations of FlowFabric secrets as text; what the text holds is the caller's business. */
export function rotationStore(database: Database): RotationStore {
  const select = database.prepare("SELECT id, connection_id, body FROM flowfabric_rotations ORDER BY id");
  const insert = database.prepare(
    "INSERT INTO flowfabric_rotations (id, connection_id, body) VALUES (?, ?, ?)",
  );
  const replace = database.prepare("UPDATE flowfabric_rotations SET body = ? WHERE id = ?");
  const erase = database.prepare("DELETE FROM flowfabric_rotations WHERE id = ?");
  return {
    load: () =>
      select.all().map((row) => ({
        id: String(row.id),
        connectionId: String(row.connection_id),
        body: String(row.body),
      })),
    add: ({ id, connectionId, body }) => {
      insert.run([id, connectionId, body]);
    },
    update: ({ id, body }) => {
      if (replace.run([body, id]) === 0) throw new Error(`there is no rotation ${id}`);
    },
    remove: (id) => {
      erase.run([id]);
    },
  };
}
