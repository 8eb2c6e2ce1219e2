import { type CopiedLine, scriptOf } from "../shells/command-line.ts";
import { posix } from "../shells/posix.ts";

/** The commands of each tool as a POSIX shell reads them. */
export function written<Tool extends string>(
  commands: Record<Tool, readonly CopiedLine[]>,
): Record<Tool, string> {
  const entries = Object.entries<readonly CopiedLine[]>(commands);
  return Object.fromEntries(entries.map(([tool, lines]) => [tool, scriptOf(lines, posix)])) as Record<
    Tool,
    string
  >;
}

export function writtenLines(lines: readonly CopiedLine[]): string {
  return scriptOf(lines, posix);
}
