import {
  type CommandWords,
  refuse,
  type Shell,
  visibleJson,
  visibleWord,
  type Word,
} from "./command-line.ts";

/** A flag without a value, or a word that begins with a letter and stays one word and a text. */
const plainWord = /^(?:--?[A-Za-z][A-Za-z-]*|[A-Za-z][\w./:-]*)$/;
/** PowerShell takes the typographic ones for single quotes too. */
const singleQuotes = /['\u2018-\u201b]/g;

/** Windows programs may get other characters than were given where their code page lacks one, quotes among them. */
const asciiOnly = /^[ -~]*$/;

/** curl 8.3 and later read the token from its file; every maintained Windows has it. */
const authorization = `--variable "token@$env:SWITCHYARD_TOKEN_FILE" --expand-header 'Authorization: Bearer {{token:trim}}'`;

/** PowerShell 7.3 and later hand every word over as it is. */
export const powershell7: Shell = {
  ...shellOf({ suffix: ".exe", ascii: true, passed: (word) => word }),
  label: "PowerShell 7.3 or later",
};

/** The same beside other systems' programs, which have no suffix and know all characters. */
export const powershell7Elsewhere: Shell = {
  ...shellOf({ suffix: "", ascii: false, passed: (word) => word }),
  label: "PowerShell 7.3 or later",
};

/** What comes with Windows: it joins the words to one text and leaves the quotes within them as they are. */
export const windowsPowershell: Shell = {
  ...shellOf({ suffix: ".exe", ascii: true, passed: legacyWord }),
  label: "Windows PowerShell 5.1",
};

interface Manner {
  /** Of programs: without it `curl` is an alias of 5.1, and a batch file could be found. */
  suffix: string;
  ascii: boolean;
  /** What has to be given so that a program gets the word. */
  passed(word: string): string;
}

function shellOf(manner: Manner): Omit<Shell, "label"> {
  return {
    command: (command) => commandText(command, manner),
    note: (text) => `# ${text}`,
    assignment: (name, value) => `$env:${name} = ${quoted(visibleWord(value))}`,
  };
}

function commandText({ rows, bearer = false }: CommandWords, manner: Manner): string {
  const [program, ...words] = rows.flat().map((word) => wordText(word, manner));
  const text = [`${program}${manner.suffix}`, ...(bearer ? [authorization] : []), ...words].join(" ");
  const differs = manner.passed !== legacyWord && rows.flat().some(isPassedInAnotherWay);
  if (!differs) return text;
  // An older one would take such words apart.
  return `if ($PSNativeCommandArgumentPassing -in 'Standard', 'Windows') { ${text} } else { throw 'This command is for PowerShell 7.3 or later' }`;
}

function wordText(word: Word, manner: Manner): string {
  if (typeof word !== "string" && "variable" in word) {
    const [before, after] = [word.before, word.after].map((part) => quoted(passedWord(part, manner)));
    return `(${before} + $env:${word.variable} + ${after})`;
  }
  const text = typeof word === "string" ? word : visibleJson(word.json, manner.ascii ? "escaped" : "kept");
  const passed = passedWord(text, manner);
  return plainWord.test(passed) ? passed : quoted(passed);
}

function passedWord(word: string, manner: Manner): string {
  if (manner.ascii && !asciiOnly.test(word))
    refuse(word, "programs of Windows may get such characters changed");
  return manner.passed(visibleWord(word));
}

function quoted(text: string): string {
  return `'${text.replaceAll(singleQuotes, "$&$&")}'`;
}

/**
 * The word for the rules by which Windows programs take their command line apart: a backslash before a quote, and
 * before those already there. 5.1 itself puts quotes around a word with blanks, but forgets a backslash at its end.
 */
function legacyWord(word: string): string {
  if (word === "") return '""';
  if (/ .*\\$/.test(word))
    refuse(word, "Windows PowerShell joins a word that ends with a backslash to the next");
  return word.replaceAll(/(\\*)"/g, '$1$1\\"');
}

/** Whether versions differ in what a program gets. */
function isPassedInAnotherWay(word: Word): boolean {
  if (typeof word === "string") return word === "" || word.includes('"') || / .*\\$/.test(word);
  return "json" in word;
}
