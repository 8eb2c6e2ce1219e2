import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { codeOf, type Database } from "./database.ts";

const damageCodes = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/** Whether an error says that a database file is not what it should be. */
export function isDamage(error: unknown): boolean {
  return error instanceof DamagedFile || isDamageCode(codeOf(error));
}

/** The same of an error's SQLite code. */
export function isDamageCode(code: string): boolean {
  return damageCodes.some((damage) => code.startsWith(damage));
}

/** A database file that was looked at and found damaged. */
class DamagedFile extends Error {}

const headerBytes = 100;
const magic = "SQLite format 3\0";

/** Throws `DamagedFile` when a file is no database, or shorter than its own header says; takes the same time for any size. */
export function checkHeader(file: string): void {
  if (!existsSync(file)) return;
  const { size } = statSync(file);
  if (size === 0) return;
  const header = readHeader(file);
  if (header.length < headerBytes || header.toString("latin1", 0, magic.length) !== magic) {
    throw new DamagedFile("it is not a database");
  }
  // The page size 65536 is written as 1; the page count is valid when both change counters agree (SQLite file format, 1.3).
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const expected = header.readUInt32BE(28) * pageSize;
  if (header.readUInt32BE(24) === header.readUInt32BE(92) && size < expected) {
    throw new DamagedFile(`it is cut off: ${size} of ${expected} bytes are there`);
  }
}

function readHeader(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const header = Buffer.alloc(headerBytes);
    return header.subarray(0, readSync(descriptor, header, 0, headerBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Reads into each table, and throws what the driver says of one that cannot be read; takes the same time for any size. */
export function checkEntrances(database: Database): void {
  for (const name of tablesOf(database)) database.prepare(`SELECT * FROM ${name} LIMIT 1`).all();
}

function tablesOf(database: Database): string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return rows.map(({ name }) => `"${String(name).replaceAll('"', '""')}"`);
}

/** Throws `DamagedFile` when SQLite's quick check finds something; reads the whole file. */
export function checkContent(database: Database): void {
  const finding = String(database.prepare("PRAGMA quick_check(1)").get()?.quick_check);
  if (finding !== "ok") throw new DamagedFile(finding.split("\n").at(-1));
}

/** Moves a database and its side files away, and returns the new path of the database. */
export function putAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  const backup = freeName(`${file}.damaged-${stamp}`);
  for (const side of ["", "-wal", "-shm"]) {
    if (existsSync(file + side)) renameSync(file + side, backup + side);
  }
  return backup;
}

function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}
