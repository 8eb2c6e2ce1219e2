import { type ActivityRecord, activityRecordSchema } from "../../shared/contract/activity.ts";
import { type ChainVerdict, verifyChain } from "./activity-chain.ts";
import { sealFits } from "./activity-seal.ts";

export type ExportVerdict = ChainVerdict & {
  /** When the export was made, as its seal says; only where the key says that the seal is right. */
  sealedAt?: string | undefined;
};

/**
 * Checks an export of the activity log (one record a line): that every line is a record, unchanged and in its place.
 * With the key of the console that wrote it, also that the chain is that console's own, and its end the end.
 * An empty export is a log in which nothing was done.
 */
export function checkExport(text: string, key?: Buffer): ExportVerdict {
  const records: ActivityRecord[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const record = readRecord(line);
    if (!record)
      return { ok: false, sequence: index + 1, reason: `Line ${index + 1} is no record of an activity.` };
    records.push(record);
  }
  const verdict = verifyChain(records);
  const last = records.at(-1);
  if (!key || !verdict.ok) return verdict;
  const reason = sealProblem(last, key);
  if (reason) return { ok: false, sequence: last?.sequence ?? 0, reason };
  return { ...verdict, sealedAt: last?.seal?.at };
}

function sealProblem(last: ActivityRecord | undefined, key: Buffer): string | undefined {
  if (!last?.seal) return "The last record carries no seal: what came after it may have been cut off.";
  return sealFits(key, last) ? undefined : "Its seal was made with another key, or for another log.";
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
