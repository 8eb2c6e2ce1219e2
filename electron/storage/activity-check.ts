import {
  type ActivityCheckpoint,
  type ActivityRecord,
  activityCheckpointSchema,
  activityRecordSchema,
} from "../../shared/contract/activity.ts";
import { type ChainVerdict, verifyChain } from "./activity-chain.ts";
import { checkpointFits, sealFits } from "./activity-seal.ts";

export type ExportVerdict = ChainVerdict & {
  /** Where the export begins, if older records had been removed. */
  checkpoint?: ActivityCheckpoint | undefined;
  /** When the export was made, as its seal says; only where the key says that the seal is right. */
  sealedAt?: string | undefined;
};

/**
 * Checks an export of the activity log (one record a line, after a checkpoint where older ones had been removed): that every
 * line is a record, unchanged and in its place. With the key of the console that wrote it, also that the chain is that
 * console's own, its beginning the beginning and its end the end. An empty export is a log in which nothing was done.
 */
export function checkExport(text: string, key?: Buffer): ExportVerdict {
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const filled = lines.filter(({ line }) => line.trim() !== "");
  const checkpoint = readCheckpoint(filled[0]?.line ?? "");
  const records: ActivityRecord[] = [];
  for (const { line, number } of checkpoint ? filled.slice(1) : filled) {
    const record = readRecord(line);
    if (!record)
      return { ok: false, sequence: number, reason: `Line ${number} is no record of an activity.` };
    records.push(record);
  }
  const verdict = verifyChain(records, checkpoint);
  if (!verdict.ok) return verdict;
  const last = records.at(-1);
  const reason = key && (checkpointProblem(checkpoint, key) ?? sealProblem(last, key));
  if (reason) return { ok: false, sequence: last?.sequence ?? 0, reason };
  return { ...verdict, ...(checkpoint && { checkpoint }), ...(key && { sealedAt: last?.seal?.at }) };
}

function checkpointProblem(checkpoint: ActivityCheckpoint | undefined, key: Buffer): string | undefined {
  if (!checkpoint || checkpointFits(key, checkpoint)) return undefined;
  return "Its beginning is not vouched for: its checkpoint was made with another key, or for another log.";
}

function sealProblem(last: ActivityRecord | undefined, key: Buffer): string | undefined {
  if (!last?.seal) return "The last record carries no seal: what came after it may have been cut off.";
  return sealFits(key, last) ? undefined : "Its seal was made with another key, or for another log.";
}

function readCheckpoint(line: string): ActivityCheckpoint | undefined {
  try {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: unknown };
    return activityCheckpointSchema.safeParse(checkpoint).data;
  } catch {
    return undefined;
  }
}

/** The shape is checked, and then the line is taken as it stands: what a schema would drop counts for the hash. */
function readRecord(line: string): ActivityRecord | undefined {
  try {
    const value = JSON.parse(line) as ActivityRecord;
    return activityRecordSchema.safeParse(value).success ? value : undefined;
  } catch {
    return undefined;
  }
}
