import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Everything that a console has written into its data folder, as far as it is text; not the file that is there for secrets. */
export function keptText(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(entry.name) !== "secrets.json")
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}
