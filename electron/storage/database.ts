import { closeSync, openSync } from "node:fs";
import { pathToFileURL } from "node:url";
import Libsql from "libsql";
import { Failure } from "../../shared/contract/index.ts";

/** What may be bound or read. The driver ends the process on a boolean, so none gets through. */
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** One prepared statement; values are bound to its `?` in order. */
export interface Statement {
  /** Returns the number of rows changed. */
  run(values?: readonly SqlValue[]): number;
  /** The first row; meant for a query that gives one row at most, because all are read. */
  get(values?: readonly SqlValue[]): SqlRow | undefined;
  all(values?: readonly SqlValue[]): SqlRow[];
}

/** The small part of SQLite that the stores use; every call is synchronous. */
export interface Database {
  readonly file: string;
  prepare(sql: string): Statement;
  execute(sql: string): void;
  /** Runs the work in one write transaction: all of it is kept, or nothing. */
  transaction<T>(work: () => T): T;
  /** A map of what rows say. A rollback empties it, because it may name rows that are not there any more. */
  cache<Key, Value>(): Map<Key, Value>;
  close(): void;
}

/** One numbered step of a schema; its number is its place in the list, starting at 1. */
export interface Migration {
  name: string;
  sql: string;
}

export interface DatabaseOptions {
  migrations: readonly Migration[];
  /** True: a commit is on the disk when it returns. False: a power cut may lose the last commits, never the file. */
  durable: boolean;
  /** Looks at the file before its schema is changed; throws to refuse it. */
  inspect?: (database: Database) => void;
}

/** The name of a database that is never written to disk. */
export const inMemory = ":memory:";

const checkpointPages = 4_000;

/**
 * Opens or creates a database and brings its schema up to date.
 * Throws a `conflict` Failure, before anything is written, when a newer Switchyard wrote it; the driver's error otherwise.
 */
export function openDatabase(file: string, options: DatabaseOptions): Database {
  if (file !== inMemory) makePrivate(file);
  const connection = new Libsql(file);
  const database = wrap(connection, file);
  try {
    prepareConnection(database, options);
    options.inspect?.(database);
    migrate(database, options.migrations);
    return database;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Opens a database that another process may be writing, and changes nothing in it; its schema has to be the present one.
 * Throws a `conflict` Failure where it is not, and the driver's error otherwise.
 */
export function openForReading(file: string, migrations: readonly Migration[]): Database {
  const connection = new Libsql(`${pathToFileURL(file).href}?mode=ro`);
  const database = { ...wrap(connection, file), close: () => void connection.close() };
  try {
    database.prepare("PRAGMA busy_timeout = 5000").all();
    refuseNewer(database, migrations.length);
    refuseOlder(database, migrations.length);
    return database;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite makes its files readable for everybody; the ones beside a database get the mode of the database. */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch {
    // It is there already, or cannot be made, of which the driver tells next.
  }
}

function prepareConnection(database: Database, options: DatabaseOptions): void {
  database.prepare("PRAGMA busy_timeout = 5000").all();
  refuseNewer(database, options.migrations.length);
  database.prepare("PRAGMA journal_mode = WAL").all();
  database.execute(`PRAGMA synchronous = ${options.durable ? "FULL" : "NORMAL"}`);
  database.execute("PRAGMA foreign_keys = ON");
  database.prepare(`PRAGMA wal_autocheckpoint = ${checkpointPages}`).all();
}

function schemaVersion(database: Database): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}

function refuseNewer(database: Database, known: number): void {
  const version = schemaVersion(database);
  if (version <= known) return;
  throw new Failure({
    code: "conflict",
    message: `${database.file} was written by a newer Switchyard (schema ${version}; this one knows ${known}).`,
    details: { file: database.file, version, known },
    hint: "Start the newer Switchyard, or give this one another data folder. The file was not changed.",
  });
}

function refuseOlder(database: Database, known: number): void {
  const version = schemaVersion(database);
  if (version === known) return;
  throw new Failure({
    code: "conflict",
    message: `${database.file} was written by an older Switchyard (schema ${version}; this one knows ${known})`,
    details: { file: database.file, version, known },
    hint: "Start this Switchyard once without --read-only, which brings the file up to date.",
  });
}

function migrate(database: Database, migrations: readonly Migration[]): void {
  if (schemaVersion(database) === migrations.length) {
    requireWritable(database);
    return;
  }
  database.transaction(() => {
    const from = schemaVersion(database);
    for (const migration of migrations.slice(from)) database.execute(migration.sql);
    database.execute(`PRAGMA user_version = ${migrations.length}`);
  });
}

function requireWritable(database: Database): void {
  try {
    probeWriting(database);
  } catch (error) {
    // There will be room again, and until then it can be read.
    if (codeOf(error) !== "SQLITE_FULL") throw error;
  }
}

/** Writes what is there already; throws where nothing can be written at present. */
export function probeWriting(database: Database): void {
  database.transaction(() => database.execute(`PRAGMA user_version = ${schemaVersion(database)}`));
}

/** The SQLite code of a driver's error, or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function wrap(connection: InstanceType<typeof Libsql>, file: string): Database {
  const execute = (sql: string): void => {
    connection.exec(sql);
  };
  const caches: Map<unknown, unknown>[] = [];
  return {
    file,
    execute,
    prepare: (sql) => wrapStatement(connection.prepare(sql)),
    transaction: (work) => {
      execute("BEGIN IMMEDIATE");
      try {
        const result = work();
        execute("COMMIT");
        return result;
      } catch (error) {
        for (const cache of caches) cache.clear();
        // A full disk may have rolled back already.
        if (connection.inTransaction) execute("ROLLBACK");
        throw error;
      }
    },
    cache: <Key, Value>() => {
      const cache = new Map<Key, Value>();
      caches.push(cache);
      return cache;
    },
    close: () => {
      if (!connection.open) return;
      try {
        connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all([]);
      } catch {
        // As on a full disk: what stays in the write-ahead log is read from there by the next start.
      }
      connection.close();
    },
  };
}

function wrapStatement(statement: ReturnType<InstanceType<typeof Libsql>["prepare"]>): Statement {
  return {
    run: (values = []) => statement.run(values).changes,
    // The driver's own `get` leaves the statement running, and with it the read transaction and its lock.
    get: (values = []) => (statement.all(values) as SqlRow[])[0],
    all: (values = []) => statement.all(values) as SqlRow[],
  };
}
