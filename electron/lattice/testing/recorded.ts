import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A message of a real host, as it was recorded: an event, or the reply to a request on that subject. */
export interface RecordedMessage {
  host: string;
  kind: "event" | "reply";
  subject: string;
  body: Record<string, unknown>;
}

const file = fileURLToPath(new URL("recorded.ndjson", import.meta.url));

/** One event of each type, and one good reply of each kind that is read. */
export const recordedMessages: readonly RecordedMessage[] = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as RecordedMessage);
