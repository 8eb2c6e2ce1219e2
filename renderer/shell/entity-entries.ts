import { useMemo } from "react";
import { type NavigateFunction, useNavigate } from "react-router";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selected, SelectedSystem } from "../state/ui-store.ts";
import { lookOf } from "../ui/state-look.ts";
import type { ThingKind, ThingsByKind } from "./action-catalogue.ts";
import type { PaletteEntry, Subject } from "./palette-entries.ts";

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
  /** What actions on it concern. */
  subject?: Subject;
}

export function subjectOf<Kind extends ThingKind>(
  kind: Kind,
  things: readonly ThingsByKind[Kind][],
): { subject: Subject } {
  return { subject: { kind, things } };
}

/** Makes the lines of lists of what is selected, which open things in the drawers of their pages. */
export function listIn(selected: Selected, navigate: NavigateFunction) {
  return (page: PageName, group: string, entities: readonly Entity[]): PaletteEntry[] => {
    const path = pathTo(page, selected);
    return entities.map(
      ({
        key,
        label,
        detail,
        keywords = "",
        state,
        subject,
        search = `open=${encodeURIComponent(key)}`,
      }) => ({
        id: `${selected.connectionId} ${group} ${key}`,
        group,
        label,
        detail,
        keywords,
        ...(state ? { glyph: lookOf(state) } : {}),
        ...(subject && { subject: { ...subject, where: path } }),
        run: () => void navigate(`${path}?${search}`),
      }),
    );
  };
}

/** Makes the lines of one of a connection's lists; none without a connection. */
export function useListed(system: SelectedSystem["system"], connectionId: string | undefined) {
  const navigate = useNavigate();
  return useMemo(
    () => (connectionId === undefined ? () => [] : listIn({ system, connectionId }, navigate)),
    [system, connectionId, navigate],
  );
}
