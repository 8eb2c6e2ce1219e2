import type { Action } from "../command/action.ts";

/** What a thing is called, in lower case. */
export interface Named {
  /** The name one knows it by. */
  name: string;
  /** Name, id and kind: words of a phrase that stand here mean the thing. */
  names: string;
  /** What else finds it, where no word is left over. */
  keywords: string;
}

export interface Phrase {
  /** For the action's parameter, as typed. */
  value?: string;
  /** From 0, the best, to below 1. */
  rank: number;
}

type PhraseAction = Pick<Action<unknown>, "verb" | "synonyms" | "parameter">;

/** Words between the others that mean nothing by themselves. */
const fillers = new Set(["a", "an", "the", "to", "of", "on", "at", "in", "with", "from"]);
const shortestBegun = 2;
const shortestAlone = 3;

export function wordsOf(query: string): string[] {
  return query.split(/\s+/).filter(Boolean);
}

/** The words without the one that begins or is the action's verb; undefined where none is. */
export function afterVerb(words: readonly string[], action: PhraseAction) {
  const [verb = "", ...more] = wordsOf(action.verb.toLowerCase());
  const synonyms = wordsOf((action.synonyms ?? "").toLowerCase());
  const least = words.length === 1 ? shortestAlone : shortestBegun;
  const begins = (word: string) =>
    word.length >= least && [verb, ...synonyms].some((one) => one.startsWith(word));
  const at = words.findIndex((word) => begins(word.toLowerCase()));
  if (at < 0) return undefined;
  const exact = words[at]?.toLowerCase() === verb;
  return { rest: words.toSpliced(at, 1), exact, also: new Set([...more, ...synonyms, ...fillers]) };
}

export type AfterVerb = NonNullable<ReturnType<typeof afterVerb>>;

/**
 * What is left of a phrase after its verb, read as the name of this thing and then a value for the action's parameter:
 * "cart 12". As many words as possible name the thing. Undefined where they mean something else.
 */
export function readPhrase(found: AfterVerb, action: PhraseAction, thing: Named): Phrase | undefined {
  const { rest, exact, also } = found;
  const lower = rest.map((word) => word.toLowerCase());
  const isName = (word: string, place: number) =>
    place > 0 && action.parameter?.(rest[place] ?? "") !== undefined
      ? hasWord(thing.names, word)
      : thing.names.includes(word);
  const end = lower.findIndex((word, place) => !isName(word, place) && !also.has(word));
  const named = end < 0 ? rest.length : end;
  for (let count = named; count >= 0; count -= 1) {
    const text = rest.slice(count).join(" ");
    const value = text === "" ? undefined : action.parameter?.(text);
    if (text !== "" && value === undefined) continue;
    const name = lower.slice(0, count).filter((word) => !also.has(word));
    if (name.length === 0 && rest.length > count) continue;
    return { ...(value !== undefined && { value }), rank: rankOf(exact, name, thing) };
  }
  const isFound = lower.every(
    (word) => thing.names.includes(word) || also.has(word) || thing.keywords.includes(word),
  );
  return isFound ? { rank: rankOf(exact, lower, thing) } : undefined;
}

function rankOf(exact: boolean, words: readonly string[], { name }: Named): number {
  const typed = words.join(" ");
  const byName =
    typed === name ? 0 : name.startsWith(typed) ? 0.2 : words.some((word) => name === word) ? 0.1 : 0.4;
  return (exact ? 0 : 0.5) + byName;
}

/** Whether a word stands in a text by itself: what may be a value is no part of a name, as 2 is none of `http2`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + word.length] ?? " "}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}
