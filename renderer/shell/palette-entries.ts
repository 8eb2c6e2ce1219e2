import type { GlyphShape, Tone } from "../ui/state-look.ts";
import type { ThingKind } from "./action-catalogue.ts";

/** What actions concern: one thing, or its rows on all hosts. */
export interface Subject {
  kind: ThingKind;
  things: readonly unknown[];
}

/** One line of the palette. */
export interface PaletteEntry {
  id: string;
  group: string;
  label: string;
  /** More about it, on the right. */
  detail?: string;
  keywords?: string;
  keys?: string;
  glyph?: { shape: GlyphShape; tone: Tone };
  /** What actions on it concern, and the page where they are done. */
  subject?: Subject & { where: string };
  /** How well it fits, 0 best, where that was found already. */
  rank?: number;
  run: () => void;
}

export interface PaletteGroup {
  group: string;
  entries: PaletteEntry[];
}

const perGroup = 7;

/** The entries that hold every word of the query, a few of each group; best first, and the group of the best. */
export function searchEntries(query: string, entries: Iterable<PaletteEntry>): PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, { entry: PaletteEntry; rank: number }[]>();
  for (const entry of entries) {
    const rank = entry.rank ?? rankOf(entry, words);
    if (rank === undefined) continue;
    const members = groups.get(entry.group) ?? [];
    groups.set(entry.group, members);
    members.push({ entry, rank });
  }
  return [...groups]
    .map(([group, members]) => {
      const best = members.sort((left, right) => left.rank - right.rank).slice(0, perGroup);
      return { group, rank: best[0]?.rank ?? 0, entries: best.map(({ entry }) => entry) };
    })
    .sort((left, right) => left.rank - right.rank)
    .map(({ group, entries: found }) => ({ group, entries: found }));
}

/** 0 where the label begins with the query, 1 where a word of it does, 2 elsewhere; undefined without a match. */
function rankOf(entry: PaletteEntry, words: readonly string[]): number | undefined {
  const label = entry.label.toLowerCase();
  const text = `${label} ${entry.detail ?? ""} ${entry.keywords ?? ""}`.toLowerCase();
  if (!words.every((word) => text.includes(word))) return undefined;
  const first = words[0] ?? "";
  if (label.startsWith(first)) return 0;
  return label.includes(` ${first}`) || label.includes(`-${first}`) ? 1 : 2;
}
