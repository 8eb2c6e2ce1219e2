import { createHmac, timingSafeEqual } from "node:crypto";
import type { ActivityCheckpoint, ActivityRecord } from "../../shared/contract/activity.ts";
import type { Database, Statement } from "./database.ts";

/** Where a log ends: its last record. */
export type LogEnd = Pick<ActivityRecord, "sequence" | "hash">;

/**
 * Vouches for the end of the log, and so, through the chain, for all of it, with a key that is not in the database. The
 * seal moves in the transaction that adds a record, and only when it fitted before: what was done to the log from outside
 * stays visible.
 */
export class ActivitySeal {
  readonly #read: Statement;
  readonly #write: Statement;

  constructor(
    database: Database,
    readonly key: Buffer,
  ) {
    this.#read = database.prepare("SELECT sequence, hash, mac FROM activity_seal");
    this.#write = database.prepare(
      "INSERT OR REPLACE INTO activity_seal (id, sequence, hash, mac) VALUES (1, ?, ?, ?)",
    );
  }

  /** How the log differs from what was sealed last; undefined where it does not. */
  faultOf(end: LogEnd): string | undefined {
    const row = this.#read.get();
    if (!row) return "its seal is missing";
    const sealed = { sequence: Number(row.sequence), hash: String(row.hash) };
    if (!sameText(String(row.mac), this.#mac("log", sealed))) return "its seal does not match its key";
    if (end.sequence < sealed.sequence)
      return `its end is missing: record ${sealed.sequence} was the last, and now ${end.sequence} is`;
    if (end.sequence > sealed.sequence)
      return `the records from ${sealed.sequence + 1} on were added without a seal`;
    return end.hash === sealed.hash ? undefined : `its last record, ${end.sequence}, is another one`;
  }

  /** Must run in the transaction that made this the end. */
  move(end: LogEnd): void {
    this.#write.run([end.sequence, end.hash, this.#mac("log", end)]);
  }

  /** For an export whose last record this is. */
  forExport(end: LogEnd, at: string): NonNullable<ActivityRecord["seal"]> {
    return { at, mac: this.#mac(`export ${at}`, end) };
  }

  /** For the place up to which records are removed. */
  forCheckpoint(checkpoint: ActivityCheckpoint): string {
    return this.#mac(checkpointPurpose(checkpoint.at), checkpoint);
  }

  #mac(purpose: string, end: LogEnd): string {
    return sealMac(this.key, purpose, end);
  }
}

/** Whether this key vouches for the records that were removed up to a checkpoint. */
export function checkpointFits(key: Buffer, { mac = "", ...checkpoint }: ActivityCheckpoint): boolean {
  return sameText(mac, sealMac(key, checkpointPurpose(checkpoint.at), checkpoint));
}

function checkpointPurpose(at: string): string {
  return `checkpoint ${at}`;
}

/** Whether this key made the seal that the last record of an export carries. */
export function sealFits(key: Buffer, record: ActivityRecord): boolean {
  const { seal } = record;
  return seal !== undefined && sameText(seal.mac, sealMac(key, `export ${seal.at}`, record));
}

/** HMAC-SHA-256, hex. The purpose keeps the seal of an export from being put into a database. */
function sealMac(key: Buffer, purpose: string, { sequence, hash }: LogEnd): string {
  return createHmac("sha256", key).update(`${purpose}\n${sequence}\n${hash}`).digest("hex");
}

function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
