/** Words that no shell reads as anything but themselves. A leading `=` names a command in zsh. */
const plainWord = /^[\w./:@,+-][\w./:@,+=-]*$/;

/**
 * Turns words into one line for a POSIX shell; the only place where a word of a copied command is quoted, so
 * that nothing in an id, a label or a reference can run when the line is pasted.
 */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/**
 * Quotes one word. Single quotes keep all but `'` and `\`: fish reads a backslash inside of them, and
 * POSIX shells do not. Double quotes keep these two in all of them.
 */
function shellWord(word: string): string {
  if (plainWord.test(word)) return word;
  const parts = word.match(/[\\']+|[^\\']+/g) ?? [""];
  return parts
    .map((part) => (/^[\\']/.test(part) ? `"${part.replaceAll("\\", "\\\\")}"` : `'${part}'`))
    .join("");
}

/**
 * A line that says something and does nothing, with its line end. An interactive zsh runs what stands after
 * a `#`, so a note keeps only characters that mean nothing to a shell.
 */
export function shellNote(text: string): string {
  return `# ${text.replaceAll(/[^\w .,:/@+-]/g, "")}\n`;
}
