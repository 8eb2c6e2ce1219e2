import { type Action, type ActionRequest, actionsFor } from "../command/action.ts";
import type { ThingKind } from "./action-catalogue.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { type AfterVerb, afterVerb, type Phrase, readPhrase, wordsOf } from "./phrase.ts";

type ActionsByKind = Readonly<Partial<Record<ThingKind, readonly Action<unknown>[]>>>;

interface Found {
  entry: PaletteEntry & { subject: NonNullable<PaletteEntry["subject"]> };
  action: Action<unknown>;
  phrase: Phrase;
}

const most = 7;

/**
 * The actions that a query says with their verb, their thing and a value, such as "scale cart 12": each goes to its
 * thing and opens the dialog, filled. One that cannot be done now says why, and only leads to its thing.
 */
export function findPhrases(
  query: string,
  entries: readonly PaletteEntry[],
  actions: ActionsByKind,
  ask: (request: ActionRequest) => void,
): PaletteEntry[] {
  const words = wordsOf(query);
  const begun = new Map<ThingKind, { action: Action<unknown>; found: AfterVerb }[]>();
  for (const [kind, ofKind = []] of Object.entries(actions)) {
    const said = ofKind.flatMap((action) => {
      const found = afterVerb(words, action);
      return found ? [{ action, found }] : [];
    });
    if (said.length > 0) begun.set(kind as ThingKind, said);
  }
  if (begun.size === 0) return [];
  return entries
    .flatMap((entry) => foundFor(entry, begun))
    .sort((left, right) => left.phrase.rank - right.phrase.rank)
    .slice(0, most)
    .map((found) => lineOf(found, ask))
    .filter((line) => !entries.some(({ label }) => label === line.label));
}

function foundFor(
  entry: PaletteEntry,
  begun: ReadonlyMap<ThingKind, readonly { action: Action<unknown>; found: AfterVerb }[]>,
): Found[] {
  const { subject } = entry;
  const said = subject && begun.get(subject.kind);
  if (!said) return [];
  const name = entry.label.toLowerCase();
  const keywords = `${entry.detail ?? ""} ${entry.keywords ?? ""}`.toLowerCase();
  const named = { name, names: `${subject.kind} ${name}`, keywords };
  const fitting = actionsFor(
    said.map(({ action }) => action),
    subject.things,
  );
  return said.flatMap(({ action, found }) => {
    const phrase = fitting.includes(action) ? readPhrase(found, action, named) : undefined;
    return phrase ? [{ entry: { ...entry, subject }, action, phrase }] : [];
  });
}

function lineOf({ entry, action, phrase }: Found, ask: (request: ActionRequest) => void): PaletteEntry {
  const { things, where } = entry.subject;
  const { value } = phrase;
  const refusal = action.refusal?.(things);
  return {
    id: `phrase ${action.id} ${entry.id}`,
    group: "Actions",
    label: action.label(things, value),
    detail: refusal ?? entry.detail ?? "",
    rank: phrase.rank,
    run: () => {
      entry.run();
      if (refusal === undefined) ask({ action, things, value, where });
    },
  };
}
