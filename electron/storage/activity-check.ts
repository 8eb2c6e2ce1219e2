import { type ActivityRecord, activityRecordSchema } from "../../shared/contract/activity.ts";
import { type ChainVerdict, verifyChain } from "./activity-chain.ts";

/**
 * Checks an export of the activity log (one record a line): that every line is a record, unchanged and in its place.
 * An empty export is a log in which nothing was done.
 */
export function checkExport(text: string): ChainVerdict {
  const records: ActivityRecord[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const record = readRecord(line);
    if (!record)
      return { ok: false, sequence: index + 1, reason: `Line ${index + 1} is no record of an activity.` };
    records.push(record);
  }
  return verifyChain(records);
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
