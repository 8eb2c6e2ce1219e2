import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkExport } from "../storage/activity-check.ts";
import { existingKey } from "../storage/activity-key.ts";

const usage = "npm run verify-activity -- FILE [--key FILE]";

/** Checks one exported activity log; prints what it found and gives the exit code (0 fine, 1 damaged, 2 not checked). */
function main(): number {
  let text: string;
  let key: Buffer | undefined;
  try {
    const { values, positionals } = parseArgs({
      options: { key: { type: "string" } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      console.error(`Which export? ${usage}`);
      return 2;
    }
    key = values.key === undefined ? undefined : keyOf(values.key);
    text = readFileSync(file, "utf8");
  } catch (error) {
    console.error(`It cannot be checked: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const verdict = checkExport(text, key);
  if (!verdict.ok) {
    console.log(`FAILED at record ${verdict.sequence}: ${verdict.reason}`);
    return 1;
  }
  console.log(`OK: ${verdict.count} records, unchanged and in order. Last hash: ${verdict.head}`);
  const { checkpoint } = verdict;
  if (checkpoint)
    console.log(
      `It begins after record ${checkpoint.sequence}: older ones were removed by ${checkpoint.at}.`,
    );
  console.log(
    verdict.sealedAt
      ? `Sealed by this key: the whole log as it was at ${verdict.sealedAt}.`
      : "The seal was not checked: only with the console's activity.key (--key FILE) is a rewritten or cut-off log noticed.",
  );
  return 0;
}

function keyOf(file: string): Buffer {
  const key = existingKey(file);
  if (key) return key;
  throw new Error(`there is no ${file}`);
}

process.exitCode = main();
