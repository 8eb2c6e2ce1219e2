import Libsql from "libsql";
import { codeOf, makePrivate } from "./database.ts";

/** A lock between processes; the system takes it back when its holder dies. */
export interface Lock {
  /** False: another process holds it. */
  held: boolean;
  release(): void;
}

/**
 * Takes the lock of a file, without waiting. SQLite's own file lock serves, because Node has none.
 * Where no lock file can be made, there is nothing to share either: it counts as held.
 */
export function holdLock(file: string): Lock {
  try {
    makePrivate(file);
    const connection = new Libsql(file);
    return lockOf(connection);
  } catch {
    return { held: true, release: () => undefined };
  }
}

function lockOf(connection: InstanceType<typeof Libsql>): Lock {
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    return { held: !codeOf(error).startsWith("SQLITE_BUSY"), release: () => undefined };
  }
  return {
    held: true,
    release: () => {
      if (!connection.open) return;
      connection.exec("ROLLBACK");
      connection.close();
    },
  };
}
