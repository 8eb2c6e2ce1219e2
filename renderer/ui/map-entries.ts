/** One line of a map while it is being written; the number tells lines apart. */
export interface MapEntry {
  line: number;
  key: string;
  value: string;
}

/** A map as lines, sorted by key. */
export function entriesOf(map: Readonly<Record<string, string>>): MapEntry[] {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value], line) => ({ line, key, value }));
}

/** The lines with an empty one at the end. */
export function withEntry(entries: readonly MapEntry[]): MapEntry[] {
  const line = Math.max(-1, ...entries.map((entry) => entry.line)) + 1;
  return [...entries, { line, key: "", value: "" }];
}

/** The map that lines make; lines without anything in them are left out. */
export function mapOf(entries: readonly MapEntry[]): Record<string, string> {
  return Object.fromEntries(
    entries.filter((entry) => !isEmpty(entry)).map(({ key, value }) => [key.trim(), value]),
  );
}

/** What is wrong with each line, by its number. */
export function entryProblems(entries: readonly MapEntry[]): ReadonlyMap<number, string> {
  const problems = new Map<number, string>();
  const seen = new Set<string>();
  for (const entry of entries) {
    if (isEmpty(entry)) continue;
    const key = entry.key.trim();
    if (key === "") problems.set(entry.line, "A value needs a key.");
    else if (seen.has(key)) problems.set(entry.line, `${key} is there twice.`);
    seen.add(key);
  }
  return problems;
}

function isEmpty({ key, value }: MapEntry): boolean {
  return key.trim() === "" && value === "";
}
