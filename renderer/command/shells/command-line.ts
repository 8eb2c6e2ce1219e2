import { Failure } from "../../../shared/contract/index.ts";
import { escaped, hasHidden, showHidden } from "../../ui/hidden-characters.ts";

/** What the person's own shell knows: where the console listens, and the file of its token. */
export type VariableName = "SWITCHYARD_PORT" | "SWITCHYARD_TOKEN_FILE";

/** One word of a command as the program is to get it. */
export type Word =
  | string
  /** A text of JSON, which a shell may write in another way of the same value. */
  | { json: string }
  /** A word with a variable in it. */
  | { before: string; variable: VariableName; after: string };

/** A command whose words are quoted by whoever makes a line of them. */
export interface CommandWords {
  /** Words that stand together where a command is spread over several lines; the first begins with the program. */
  rows: readonly (readonly Word[])[];
  /** curl is to send the console's token, which must not be among its words: other users of a machine can read those. */
  bearer?: boolean;
}

/** What a command cannot say, for the person to read. */
export interface Note {
  note: string;
}

export type CopiedLine = CommandWords | Note;

/** How a shell writes a line that runs nothing but what is meant. */
export interface Shell {
  label: string;
  command(command: CommandWords): string;
  note(text: string): string;
  assignment(name: VariableName, value: string): string;
}

/** The text to paste into a shell; refuses what could arrive as something else. */
export function scriptOf(lines: readonly CopiedLine[], shell: Shell): string {
  return lines
    .map((line) => ("note" in line ? shell.note(plainNote(line.note)) : shell.command(line)))
    .join("\n");
}

export function command(...words: Word[]): CommandWords {
  return { rows: [words] };
}

/** An interactive zsh runs what stands after a `#`, so a note keeps only characters that mean nothing to a shell. */
function plainNote(text: string): string {
  return text.replaceAll(/[^\w .,:/@+-]/g, "");
}

export function refuse(word: string, why: string): never {
  const shown = showHidden(word);
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  throw new Failure({
    code: "invalid_input",
    message: `This cannot be copied as a command: ${why}: ${short}`,
    hint: "Copy it as JSON instead.",
  });
}

/** A word without characters that a terminal would take for keys, or that would not arrive. */
export function visibleWord(word: string): string {
  return hasHidden(word) ? refuse(word, "a field contains control characters") : word;
}

/** The same value as one visible line: outside of its strings JSON has no control character but white space. */
export function visibleJson(json: string, beyondAscii: "kept" | "escaped"): string {
  if (!isJson(json)) return visibleWord(json);
  const line = showHidden(json.replaceAll(/[\t\r\n]/g, " "));
  return beyondAscii === "kept" ? line : line.replaceAll(/[^ -~]/g, escaped);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
