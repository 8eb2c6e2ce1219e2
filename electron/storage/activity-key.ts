import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { ActivityLog } from "./activity-log.ts";
import { type Database, inMemory } from "./database.ts";

/**
 * Opens the log of activities with the key of its seal, and makes one where there is none yet. Never throws for what it
 * finds; `notices` says where the log is not what was sealed, or goes without a seal.
 */
export function openActivityLog(database: Database, keyFile: string, notices: string[]): ActivityLog {
  if (database.file === inMemory) return new ActivityLog(database);
  try {
    const key = existingKey(keyFile, notices);
    return key ? checkedLog(database, { key, keyFile, notices }) : newlySealed(database, keyFile, notices);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    notices.push(`Activities are recorded without a seal: ${keyFile} cannot be used (${reason}).`);
    return new ActivityLog(database);
  }
}

function checkedLog(
  database: Database,
  { key, keyFile, notices }: { key: Buffer; keyFile: string; notices: string[] },
): ActivityLog {
  const log = new ActivityLog(database, key);
  const fault = log.sealFault();
  if (fault) {
    notices.push(
      `The activity log is not as this console left it: ${fault}. It goes on without a seal. Export it and keep a copy; to begin a new seal, move ${keyFile} away and start again.`,
    );
  }
  return log;
}

function newlySealed(database: Database, keyFile: string, notices: string[]): ActivityLog {
  const key = randomBytes(32);
  writeFileSync(keyFile, `${key.toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  const log = new ActivityLog(database, key);
  const { sequence } = log.end();
  log.beginSeal();
  if (sequence > 0) {
    notices.push(
      `The activity log is sealed from now on, by the new key ${keyFile}. Nothing vouches for the ${sequence} records before.`,
    );
  }
  return log;
}

/** The key, or undefined where there is no file. Throws an Error with what is wrong with it. */
export function existingKey(file: string, notices: string[] = []): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new Error("it is no key of 64 hexadecimal digits");
  if (othersRead(file)) {
    notices.push(`Others can read ${file}, and with it forge the activity log: chmod 600 ${file}`);
  }
  return Buffer.from(text.trim(), "hex");
}

function othersRead(file: string): boolean {
  if (process.platform === "win32") return false;
  const { mode, uid } = statSync(file);
  return (mode & 0o077) !== 0 || uid !== process.getuid?.();
}
