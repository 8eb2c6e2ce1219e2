import type { RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";

interface ExportedFile {
  fileName: string;
  mediaType: string;
  text: string;
}

/** The evidence of a rotation as a file. A row never holds the secret, so that none can get in. */
export function exportRotation(row: RotationRow, format: "csv" | "json"): ExportedFile {
  const fileName = `rotation-${row.keyId.replace(/[^A-Za-z0-9._-]/g, "_")}.${format}`;
  if (format === "json")
    return { fileName, mediaType: "application/json", text: `${JSON.stringify(row, undefined, 2)}\n` };
  return { fileName, mediaType: "text/csv", text: csvOf(row) };
}

const columns = [
  "partition",
  "state",
  "attempts",
  "key_id",
  "previous_key_id",
  "read_back_key_id",
  "grace_ends_at",
  "failure_class",
  "failure_code",
  "failure",
];

function csvOf(row: RotationRow): string {
  const lines = row.partitions.map((cell) => [
    cell.partition,
    cell.state,
    cell.attempts,
    row.keyId,
    cell.previousKeyId,
    cell.currentKeyId,
    cell.graceEndsAt,
    cell.failure?.class,
    cell.failure?.code,
    cell.failure?.message,
  ]);
  return [columns, ...lines].map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/** A leading sign would make a spreadsheet take the text for a formula. */
function csvField(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
