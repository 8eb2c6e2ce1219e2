import { type RefObject, useLayoutEffect, useState } from "react";
import type { PaletteGroup } from "./palette-entries.ts";
import { paletteStore } from "./palette-store.ts";

/**
 * Keeps one line of the palette chosen while lines come and go: Enter must run what is found
 * also where it was not there yet as the words were typed. The library chooses only as they change, and tells of
 * its choice in the document alone. Answers with the place of the chosen line, -1 where there is none.
 */
export function useKeptChoice(list: RefObject<HTMLElement | null>, groups: readonly PaletteGroup[]): number {
  const [chosen, setChosen] = useState(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the lines can take the chosen one away
  useLayoutEffect(() => {
    const lines = [...(list.current?.querySelectorAll("[data-action]") ?? [])];
    const kept = () => lines.findIndex((line) => line.hasAttribute("data-selected"));
    const selected = lines.length === 0 ? -1 : Math.max(kept(), 0);
    lines[selected]?.setAttribute("data-selected", "true");
    paletteStore.updateState((state) => ({ ...state, selected }));
    setChosen(selected);
    if (!list.current) return;
    const observer = new MutationObserver(() => setChosen(kept()));
    observer.observe(list.current, { subtree: true, attributeFilter: ["data-selected"] });
    return () => observer.disconnect();
  }, [list, groups]);
  return chosen;
}
