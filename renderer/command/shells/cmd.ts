import {
  type CommandWords,
  refuse,
  type Shell,
  visibleJson,
  visibleWord,
  type Word,
} from "./command-line.ts";

/** What cmd.exe takes at most; it cuts the rest off. */
const longestLine = 8_000;

const plainWord = /^[\w./:@+-]+$/;

/** curl 8.3 and later read the token from its file; every maintained Windows has it. */
const authorization = `--variable "token@%SWITCHYARD_TOKEN_FILE%" --expand-header "Authorization: Bearer {{token:trim}}"`;

/** The command prompt of Windows. */
export const cmd: Shell = {
  label: "cmd.exe",
  command: commandText,
  note: (text) => `rem ${text}`,
  assignment: (name, value) => `set "${name}=${unquoted(value)}"`,
};

function commandText({ rows, bearer = false }: CommandWords): string {
  const [program, ...words] = rows.flat().map(wordText);
  // The suffix keeps a batch file out, which would read its words a second time.
  const text = [`${program}.exe`, ...(bearer ? [authorization] : []), ...words].join(" ");
  return text.length > longestLine ? refuse(text, "it is too long for cmd.exe") : text;
}

function wordText(word: Word): string {
  if (typeof word === "string") return quoted(word);
  if ("json" in word) return quoted(visibleJson(word.json, "escaped"));
  return `"${unquoted(word.before)}%${word.variable}%${unquoted(word.after)}"`;
}

/**
 * The word for the rules by which Windows programs take their command line apart, and then a caret before each
 * character that cmd.exe would read, its quotes among them: so it never counts quotes, which it does by other rules.
 */
function quoted(word: string): string {
  if (plainWord.test(word)) return word;
  const argument = checked(word).replaceAll(/(\\*)("|$)/g, (_match, slashes: string, quote: string) => {
    return slashes + slashes + (quote && '\\"');
  });
  return `"${argument}"`.replaceAll(/[()<>&|^"]/g, "^$&");
}

/** cmd.exe reads names between % in quotes too, and after a caret, and those between ! where that is switched on. */
function checked(word: string): string {
  if (/[%!]/.test(word)) refuse(word, "cmd.exe would read % and ! in it");
  return /^[ -~]*$/.test(visibleWord(word))
    ? word
    : refuse(word, "programs of Windows may get such characters changed");
}

/** A part of an address, which stands in quotes that cmd.exe counts. */
function unquoted(part: string): string {
  return checked(part).includes('"') ? refuse(part, "it has a quote") : part;
}
