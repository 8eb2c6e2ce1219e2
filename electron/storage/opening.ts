import { checkContent, checkEntrances, checkHeader, isDamage, putAside } from "./damage.ts";
import { type Database, type DatabaseOptions, inMemory, openDatabase } from "./database.ts";

/** A database of the data folder, and what to say of it. */
export interface Opening {
  file: string;
  /** What the file holds, for a notice. */
  holds: string;
  options: DatabaseOptions;
  /** Damage was found in it before: it is looked at as a whole. */
  suspect: boolean;
  now: () => number;
  notices: string[];
}

/** Never throws for what it finds: a damaged file is put aside, and one that cannot be used is done without. */
export function openOrReplace(opening: Opening): Database {
  try {
    return openChecked(opening);
  } catch (error) {
    return isDamage(error) ? replaceDamaged(opening, error) : openInMemory(opening, error);
  }
}

/** Opens a database, lets it be watched, and makes the store on it; a file whose damage shows only when the store first reads it is replaced as well. */
export function openStore<T>(
  opening: Opening & { watch: (database: Database) => Database },
  make: (database: Database) => T,
): { database: Database; store: T } {
  const database = opening.watch(openOrReplace(opening));
  try {
    return { database, store: make(database) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    database.close();
    const fresh = opening.watch(replaceDamaged(opening, error));
    return { database: fresh, store: make(fresh) };
  }
}

function openChecked({ file, options, suspect }: Opening): Database {
  if (file === inMemory) return openDatabase(file, options);
  checkHeader(file);
  const inspect = (database: Database): void => {
    checkEntrances(database);
    if (suspect) checkContent(database);
    options.inspect?.(database);
  };
  return openDatabase(file, { ...options, inspect });
}

export function replaceDamaged(opening: Opening, error: unknown): Database {
  try {
    const backup = putAside(opening.file, opening.now());
    const database = openDatabase(opening.file, opening.options);
    opening.notices.push(
      `The file with ${opening.holds} was damaged (${reasonOf(error)}). It was kept as ${backup}, and a new, empty one is in use.`,
    );
    return database;
  } catch (secondError) {
    return openInMemory(opening, secondError);
  }
}

function openInMemory(opening: Opening, error: unknown): Database {
  opening.notices.push(
    `${opening.file} cannot be used (${reasonOf(error)}). Until that is put right and Switchyard is started again, it keeps ${opening.holds} in memory only, and loses them when it ends.`,
  );
  return openDatabase(inMemory, opening.options);
}

export function closeDamaged(database: Database): void {
  try {
    database.close();
  } catch {
    // What is left of the file is put aside as it is.
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : "unknown reason";
}
