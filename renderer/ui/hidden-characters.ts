/**
 * Characters that do not show as themselves: they press keys in a terminal, end or turn around a line, or, as half
 * a surrogate pair, do not survive the clipboard.
 */
const hidden = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]/u;
const eachHidden = new RegExp(hidden, "gu");

export function hasHidden(text: string): boolean {
  return hidden.test(text);
}

/** Each of them in the notation of JSON, so that a text of JSON keeps its value; those that may stay are named. */
export function showHidden(text: string, kept = ""): string {
  return text.replace(eachHidden, (character) => (kept.includes(character) ? character : escaped(character)));
}

/** A code unit in the notation of JSON. */
export function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
