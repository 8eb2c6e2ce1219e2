import type { NavigateFunction } from "react-router";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selected } from "../state/ui-store.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** One thing that a page lists, as the palette finds it. */
export interface Entity {
  /** What the page's address calls it. */
  key: string;
  label: string;
  detail: string;
  keywords: string;
  /** Name of the state whose glyph it gets. */
  state?: string;
}

/** Lines that open entities in the drawers of their page. */
export function entityEntries(
  place: { page: PageName; group: string; selected: Selected; navigate: NavigateFunction },
  entities: readonly Entity[],
): PaletteEntry[] {
  const { page, group, selected, navigate } = place;
  const path = pathTo(page, selected);
  return entities.map(({ key, label, detail, keywords, state }) => ({
    id: `${page} ${key}`,
    group,
    label,
    detail,
    keywords,
    ...(state ? { glyph: lookOf(state) } : {}),
    run: () => navigate(`${path}?open=${encodeURIComponent(key)}`),
  }));
}
