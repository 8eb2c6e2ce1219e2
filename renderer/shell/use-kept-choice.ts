import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { PaletteGroup } from "./palette-entries.ts";
import { paletteStore } from "./palette-store.ts";

const mark = "data-selected";

/**
 * Keeps the best line of the palette chosen while lines come and go, until the person moves to another: Enter must run
 * what is found also where it was not there yet as the words were typed. The library chooses only as they change, and
 * tells of its choice in the document alone. Answers with the place of the chosen line, -1 where there is none.
 */
export function useKeptChoice(list: RefObject<HTMLElement | null>, groups: readonly PaletteGroup[]): number {
  const [chosen, setChosen] = useState(-1);
  const moved = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the lines can take the chosen one away
  useLayoutEffect(() => {
    const lines = [...(list.current?.querySelectorAll("[data-action]") ?? [])];
    const kept = () => lines.findIndex((line) => line.hasAttribute(mark));
    const selected = lines.length === 0 ? -1 : moved.current ? Math.max(kept(), 0) : 0;
    lines.forEach((line, place) => {
      if (place !== selected) line.removeAttribute(mark);
      else line.setAttribute(mark, "true");
    });
    moved.current = selected > 0;
    paletteStore.updateState((state) => ({ ...state, selected }));
    setChosen(selected);
    if (!list.current) return;
    const observer = new MutationObserver(() => {
      const place = kept();
      moved.current = place > 0;
      setChosen(place);
    });
    observer.observe(list.current, { subtree: true, attributeFilter: [mark] });
    return () => observer.disconnect();
  }, [list, groups]);
  return chosen;
}
