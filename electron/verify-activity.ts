import { readFileSync } from "node:fs";
import { checkExport } from "./storage/activity-check.ts";

/** Checks one exported activity log; prints what it found and gives the exit code (0 fine, 1 damaged, 2 not checked). */
function main(file: string | undefined): number {
  if (file === undefined) {
    console.error("Which export? npm run verify-activity -- FILE");
    return 2;
  }
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    console.error(`It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const verdict = checkExport(text);
  if (verdict.ok) {
    console.log(`OK: ${verdict.count} records, unchanged and in order. Last hash: ${verdict.head}`);
    return 0;
  }
  console.log(`FAILED at record ${verdict.sequence}: ${verdict.reason}`);
  return 1;
}

process.exitCode = main(process.argv[2]);
