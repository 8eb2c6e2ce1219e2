import { useMemo } from "react";
import { type NavigateFunction, useNavigate } from "react-router";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selected, SelectedSystem } from "../state/ui-store.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** One thing that a page lists, as the palette finds it. */
export interface Entity {
  /** What the page's address calls it. */
  key: string;
  label: string;
  detail: string;
  keywords?: string;
  /** Name of the state whose glyph it gets. */
  state?: string;
  /** Parameters of the page's address that lead to it, where it has no drawer of its own. */
  search?: string;
}

/** Lines that open entities in the drawers of their page. */
export function entityEntries(
  place: { page: PageName; group: string; selected: Selected; navigate: NavigateFunction },
  entities: readonly Entity[],
): PaletteEntry[] {
  const { page, group, selected, navigate } = place;
  const path = pathTo(page, selected);
  return entities.map(
    ({ key, label, detail, keywords = "", state, search = `open=${encodeURIComponent(key)}` }) => ({
      id: `${group} ${key}`,
      group,
      label,
      detail,
      keywords,
      ...(state ? { glyph: lookOf(state) } : {}),
      run: () => navigate(`${path}?${search}`),
    }),
  );
}

/** Makes the lines of one of a connection's lists; none without a connection. */
export function useListed(system: SelectedSystem["system"], connectionId: string | undefined) {
  const navigate = useNavigate();
  return useMemo(
    () =>
      (page: PageName, group: string, entities: readonly Entity[]): PaletteEntry[] =>
        connectionId === undefined
          ? []
          : entityEntries({ page, group, selected: { system, connectionId }, navigate }, entities),
    [system, connectionId, navigate],
  );
}
