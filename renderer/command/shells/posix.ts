import { type CommandWords, type Shell, visibleJson, visibleWord, type Word } from "./command-line.ts";

/** Bytes. A terminal without line editing, such as dash's, drops the end of a line of 4,096 (of 1,024 on macOS). */
const longestLine = 800;
/** Characters of a long word that stand on one line. */
const chunk = /.{1,100}/gsu;

/** Words that no shell reads as anything but themselves. A `=` that begins a word or a value names a command in zsh. */
const plainWord = /^[\w./:@,+-]+(?:=[\w./:@,+-]*)?$/;

/** curl reads its header from here, so that no program has the token among its words. */
const authorization = `sed 's/^/Authorization: Bearer /' "$SWITCHYARD_TOKEN_FILE" | `;

/** sh, bash, dash, zsh and fish alike. */
export const posix: Shell = {
  label: "sh, bash, zsh or fish",
  command: commandText,
  note: (text) => `# ${text}`,
  assignment: (name, value) => `export ${name}=${wordText(value)}`,
};

function commandText({ rows, bearer = false }: CommandWords): string {
  const [first = [], ...others] = rows;
  const all = bearer ? [[...first, "-H", "@-"], ...others] : rows;
  return (bearer ? authorization : "") + all.map(rowText).join(" \\\n  ");
}

/** A backslash at the end of a line joins the next one to it. */
function rowText(row: readonly Word[]): string {
  return row.map(wordText).reduce((text, word) => {
    const [firstLine = ""] = word.split("\n");
    const length = bytesOf(text.slice(text.lastIndexOf("\n") + 1)) + bytesOf(firstLine);
    return text + (length > longestLine ? " \\\n  " : " ") + word;
  });
}

function wordText(word: Word): string {
  if (typeof word === "string") return quotedLines(visibleWord(word));
  if ("json" in word) return quotedLines(visibleJson(word.json, "kept"));
  const [before, after] = [word.before, word.after].map((part) => (part === "" ? "" : wordText(part)));
  return `${before}"$${word.variable}"${after}`;
}

function quotedLines(text: string): string {
  if (bytesOf(text) <= longestLine / 2) return quoted(text);
  return (text.match(chunk) ?? []).map(quoted).join("\\\n");
}

/**
 * Single quotes keep all but `'` and `\`: fish reads a backslash inside of them, and POSIX shells do not. Double
 * quotes keep these two in all of them.
 */
function quoted(text: string): string {
  if (plainWord.test(text)) return text;
  const parts = text.match(/[\\']+|[^\\']+/g) ?? [""];
  return parts
    .map((part) => (/^[\\']/.test(part) ? `"${part.replaceAll("\\", "\\\\")}"` : `'${part}'`))
    .join("");
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
