/*
 * Cleans exports line by line, and keeps every line that it keeps as it came: Kubernetes and Flux write YAML 1.1, and a
 * scalar that is read and written anew may lose the quotes that make `"off"` or `"1_000"` a text (flux-rpc §3.4).
 *
 * The functions run in a worker, apart from every bundle: each is a declaration of its own, and uses nothing but the others.
 */

/** One key of a block mapping, what stands behind it, and all of its lines. */
interface Entry {
  key: string;
  value: string;
  lines: string[];
}

/** All that the worker needs, the one to call first. */
export const cleaningFunctions = [
  cleanDocuments,
  documentsOf,
  cleanDocument,
  cleanMetadata,
  cleanSpec,
  childEntries,
  holdsMapping,
  withHeader,
  entriesOf,
  entryOf,
  checkEntry,
  isClosed,
  pruned,
  prunedBlock,
  itemsOf,
  prunedItem,
  isBlank,
  isItem,
  indentOf,
] as const;

/**
 * An export as it would stand in a repository: without status and what the cluster adds (flux-rpc §5.2, save). Throws an
 * Error for what is not block YAML as daemons write it, or too large for a resource.
 */
function cleanDocuments(text: string): string {
  const cleaned = documentsOf(text)
    .map(cleanDocument)
    .filter((lines) => lines.length > 0);
  return cleaned.map((lines) => `${lines.join("\n")}\n`).join("---\n");
}

/** The lines of each document; a line that begins with `---` can stand nowhere else than before one. */
function documentsOf(text: string): string[][] {
  // A cluster keeps no resource that is larger than 1.5 MiB, and workloads are far smaller.
  const largest = 512 * 1024;
  const documents: string[][] = [[]];
  let size = 0;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) {
    const document = documents[documents.length - 1] as string[];
    if (/^(---|\.\.\.)(\s|$)/.test(line)) {
      if (!/^(---|\.\.\.)\s*(#.*)?$/.test(line)) throw new Error("a resource begins beside its ---");
      documents.push([]);
      size = 0;
    } else if (!(document.length === 0 && line.startsWith("%"))) {
      document.push(line);
      size += line.length + 1;
      if (size > largest)
        throw new Error(`a resource is larger than ${largest / 1024} KiB: no cluster keeps such workloads`);
    }
  }
  return documents;
}

function cleanDocument(lines: string[]): string[] {
  return entriesOf(lines, 0).flatMap((entry) => {
    if (entry.key === "apiVersion" || entry.key === "kind") return entry.lines;
    if (entry.key === "metadata") return cleanMetadata(entry);
    return entry.key === "spec" ? cleanSpec(entry) : [];
  });
}

function cleanMetadata(metadata: Entry): string[] {
  const dropped = [
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubernetes.io/change-cause",
  ];
  const { entries, indent } = childEntries(metadata);
  const kept = entries.flatMap((entry) => {
    if (entry.key !== "annotations")
      return ["name", "namespace", "labels"].includes(entry.key) ? pruned(entry) : [];
    if (!holdsMapping(entry)) return pruned(entry);
    const annotations = childEntries(entry).entries.filter(({ key }) => !dropped.includes(key));
    return withHeader(entry, annotations.flatMap(pruned));
  });
  return indent < 0 ? [] : withHeader(metadata, kept);
}

function cleanSpec(spec: Entry): string[] {
  const kept = childEntries(spec).entries.flatMap((entry) => {
    if (entry.key !== "template" || !holdsMapping(entry)) return pruned(entry);
    const template = childEntries(entry).entries.flatMap((member) => {
      if (member.key !== "metadata" || !holdsMapping(member)) return pruned(member);
      const metadata = childEntries(member).entries.filter(({ key }) => key !== "creationTimestamp");
      return withHeader(member, metadata.flatMap(pruned));
    });
    return withHeader(entry, template);
  });
  return withHeader(spec, kept);
}

/** The entries of a mapping that stands below its key; `indent` is -1 where there is none. */
function childEntries({ key, value, lines }: Entry): { entries: Entry[]; indent: number } {
  if (/^\{\s*\}$|^(null|~)$/.test(value)) return { entries: [], indent: -1 };
  if (value !== "") throw new Error(`${key} stands in one line`);
  const below = lines.slice(1);
  const indent = indentOf(below);
  return { entries: indent < 0 ? [] : entriesOf(below, indent), indent };
}

/** Whether a mapping stands below a key. */
function holdsMapping({ value, lines }: Entry): boolean {
  const first = lines.slice(1).find((line) => !isBlank(line));
  return value === "" && first !== undefined && !isItem(first.trimStart());
}

/** A key with what is left below it; nothing where nothing is. */
function withHeader({ lines }: Entry, below: string[]): string[] {
  return below.length === 0 ? [] : [lines[0] as string, ...below];
}

/** Cuts a block mapping whose keys stand at `indent` into its entries. */
function entriesOf(lines: string[], indent: number): Entry[] {
  const entries: Entry[] = [];
  for (const line of lines) {
    const last = entries[entries.length - 1];
    const own = line.search(/[^ ]|$/);
    const text = line.slice(own);
    // Items may stand as far to the left as the key that they belong to; so does what belongs to a long key.
    const belongs =
      isBlank(line) || own > indent || (own === indent && (isItem(text) || text.startsWith(":")));
    if (last && belongs) last.lines.push(line);
    else if (own === indent && !isItem(text) && !isBlank(line) && !text.startsWith("#"))
      entries.push(entryOf(line, text));
    else if (!isBlank(line) && !text.startsWith("#"))
      throw new Error(`this is no key of a mapping: ${text.slice(0, 60)}`);
  }
  for (const entry of entries) checkEntry(entry);
  return entries;
}

function entryOf(line: string, text: string): Entry {
  if (text.startsWith("? ")) return { key: "?", value: "?", lines: [line] };
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?:\s+(.*))?$/.exec(text);
  const colon = quoted ? -1 : text.search(/:(\s|$)/);
  if (!quoted && (colon < 1 || /^[[{"'&*!|>%@`\t]/.test(text)))
    throw new Error(`this is no key of a mapping: ${text.slice(0, 60)}`);
  if (quoted)
    return { key: (quoted[1] as string).slice(1, -1), value: (quoted[2] ?? "").trim(), lines: [line] };
  return { key: text.slice(0, colon).trimEnd(), value: text.slice(colon + 1).trim(), lines: [line] };
}

/** Throws for what refers to another place, and for a text or list in one line that does not end where its entry ends. */
function checkEntry({ key, value, lines }: Entry): void {
  if (/^[&*]/.test(value))
    throw new Error("a resource refers to another place of the text (&anchor, *alias)");
  if (!/^["'[{]/.test(value)) return;
  const whole = [value, ...lines.slice(1).map((line) => line.trim())].join(" ").trimEnd();
  if (!isClosed(whole)) throw new Error(`the value of ${key} does not end`);
}

/** Whether a quoted text or a list in brackets is closed at its end. */
function isClosed(text: string): boolean {
  if (text.startsWith('"')) return /^"(?:[^"\\]|\\.)*"\s*(#.*)?$/.test(text);
  if (text.startsWith("'")) return /^'(?:[^']|'')*'\s*(#.*)?$/.test(text);
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, "");
  const brackets = bare.match(/[[\]{}]/g) ?? [];
  const open = brackets.reduce((depth, bracket) => depth + ("[{".includes(bracket) ? 1 : -1), 0);
  return open === 0 && /[\]}]\s*(#.*)?$/.test(bare);
}

/** An entry without nulls and maps that hold nothing, however deep; no lines where nothing is left. */
function pruned(entry: Entry): string[] {
  const { value, lines } = entry;
  const below = lines.slice(1);
  if (value !== "") {
    const isNothing = /^(\{\s*\}|null|Null|NULL|~)$/.test(value) && below.every(isBlank);
    return isNothing ? [] : lines;
  }
  const indent = indentOf(below);
  return indent < 0 ? [] : withHeader(entry, prunedBlock(below, indent));
}

function prunedBlock(lines: string[], indent: number): string[] {
  const first = lines.find((line) => !isBlank(line))?.slice(indent) ?? "";
  if (isItem(first)) return itemsOf(lines, indent).flatMap((item) => prunedItem(item, indent));
  return entriesOf(lines, indent).flatMap(pruned);
}

/** Cuts a block sequence whose dashes stand at `indent` into its items. */
function itemsOf(lines: string[], indent: number): string[][] {
  const items: string[][] = [];
  for (const line of lines) {
    if (indentOf([line]) === indent && isItem(line.slice(indent))) items.push([line]);
    else items[items.length - 1]?.push(line);
  }
  return items;
}

/** An item keeps its place, also where nothing is left of it. */
function prunedItem(lines: string[], indent: number): string[] {
  const first = lines[0] as string;
  const content = first.slice(indent + 1).trimStart();
  const inner = first.length - content.length;
  const isMapping = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'[{&*!|>%@`#][^#]*?)\s*:(\s|$)/.test(content);
  if (content === "" || !(isMapping || isItem(content))) return lines;
  const block = prunedBlock([" ".repeat(inner) + content, ...lines.slice(1)], inner);
  const dash = `${" ".repeat(indent)}-`;
  return block.length === 0
    ? [`${dash} {}`]
    : [dash + (block[0] as string).slice(indent + 1), ...block.slice(1)];
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

/** Whether a text, without its indentation, is an item of a sequence. */
function isItem(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

/** How far the first line that is not blank is indented; -1 where there is none. */
function indentOf(lines: string[]): number {
  const line = lines.find((each) => each.trim() !== "" && !each.trimStart().startsWith("#"));
  return line === undefined ? -1 : line.search(/[^ ]/);
}
