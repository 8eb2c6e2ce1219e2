import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { z } from "zod";
import { codeOf, makePrivate } from "./database.ts";

/** The right to use a data folder; there is no storage without one. */
export interface DataFolder {
  readonly directory: string;
  /** Another console may be at work in it: it is looked at, and nothing in it is changed. */
  readonly readOnly: boolean;
  /** Where files may be written: the folder itself, or one of this process that ends with it. */
  readonly writable: string;
  release(): void;
}

const holderSchema = z.object({
  pid: z.number().int().positive(),
  kind: z.enum(["desktop", "headless"]),
  startedAt: z.iso.datetime(),
});
/** The process that has a data folder, as it says itself. */
export type FolderHolder = z.infer<typeof holderSchema>;

/** Another process has the data folder. */
export class FolderInUse extends Error {
  constructor(
    directory: string,
    readonly holder: FolderHolder | undefined,
  ) {
    super(`The data folder ${directory} is in use by ${holderName(holder)}`);
  }
}

function holderName(holder: FolderHolder | undefined): string {
  if (!holder) return "another Switchyard";
  const kind = holder.kind === "desktop" ? "the desktop application" : "a console without a window";
  return `${kind} (process ${holder.pid}, since ${holder.startedAt})`;
}

const lockName = "switchyard.lock";
const holderFileName = "switchyard.lock.json";

/**
 * Makes the folder where there is none, and takes it for this process alone; before anything in it is opened. The system
 * gives it back when the process dies. Throws `FolderInUse`.
 */
export function lockFolder(
  directory: string,
  kind: FolderHolder["kind"],
  now: () => number = Date.now,
): DataFolder {
  makeDirectory(directory);
  const holderFile = join(directory, holderFileName);
  const lock = holdLock(join(directory, lockName));
  if (!lock.held) throw new FolderInUse(directory, readHolder(holderFile));
  writeHolder(holderFile, { pid: process.pid, kind, startedAt: new Date(now()).toISOString() });
  let held = true;
  return {
    directory,
    readOnly: false,
    writable: directory,
    release: () => {
      // Later, it may be another console's.
      if (!held) return;
      held = false;
      removeQuietly(holderFile);
      lock.release();
    },
  };
}

/** Gives the use of a folder for reading, whoever has it. */
export function readFolder(directory: string): DataFolder {
  const writable = mkdtempSync(join(tmpdir(), "switchyard-read-only-"));
  return { directory, readOnly: true, writable, release: () => removeQuietly(writable) };
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    // Opening a database in it fails next, and tells why.
  }
}

function writeHolder(file: string, holder: FolderHolder): void {
  try {
    removeQuietly(file);
    writeFileSync(file, `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: "wx" });
  } catch {
    // The lock holds without it; a second console then cannot say who has the folder.
  }
}

function readHolder(file: string): FolderHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What is left says no more than that this process was here.
  }
}

/** A lock between processes; the system takes it back when its holder dies. */
interface Lock {
  /** False: another process holds it. */
  held: boolean;
  release(): void;
}

/**
 * Takes the lock of a file, without waiting. SQLite's own file lock serves, because Node has none.
 * Where no lock file can be made, there is nothing to share either: it counts as held.
 */
function holdLock(file: string): Lock {
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
