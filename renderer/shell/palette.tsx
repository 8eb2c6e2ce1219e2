import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useActionStore } from "../command/action.ts";
import type { Selection } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { KeyHint } from "../ui/key-hint.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import classes from "./palette.module.css";
import { type PaletteEntry, type PaletteGroup, searchEntries } from "./palette-entries.ts";
import { findPhrases } from "./palette-phrases.ts";
import { palette, paletteStore } from "./palette-store.ts";
import { useActionCatalogue, usePaletteEntries } from "./use-palette-entries.ts";

const mark = "data-selected";

/**
 * Keeps the best line of the palette chosen while lines come and go, until the person moves to another: Enter must run
 * what is found also where it was not there yet as the words were typed. The library chooses only as they change, and
 * tells of its choice in the document alone. Answers with the place of the chosen line, -1 where there is none.
 */
function useKeptChoice(list: RefObject<HTMLElement | null>, groups: readonly PaletteGroup[]): number {
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

const listId = "palette-list";

/** Finds pages, actions, connections, lattices, and what the selected system holds. */
export function Palette({ selection }: { selection: Selection | undefined }) {
  const [query, setQuery] = useState("");
  useShortcuts([
    {
      id: "palette",
      label: "Search or run a command",
      group: "Help",
      keys: "mod+k",
      keyOnly: true,
      run: palette.open,
    },
  ]);
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      title="Search or run a command"
      classNames={{ header: "visually-hidden", actionsGroup: classes.group ?? "" }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      size={640}
      yOffset={64}
      scrollable
      maxHeight={440}
      centered={false}
    >
      <PaletteSearch query={query} selection={selection} />
    </Spotlight.Root>
  );
}

/** Field and list, drawn only while the palette is open: the field tells which line is chosen. */
function PaletteSearch({ query, selection }: { query: string; selection: Selection | undefined }) {
  const entries = usePaletteEntries(selection, query);
  const actions = useActionCatalogue()?.actionsOn;
  const groups = useMemo(() => {
    const phrases = findPhrases(query, entries, actions ?? {}, useActionStore.getState().ask);
    return searchEntries(query, [...entries, ...phrases]);
  }, [query, entries, actions]);
  const count = groups.reduce((sum, { entries: members }) => sum + members.length, 0);
  const list = useRef<HTMLDivElement>(null);
  const chosen = useKeptChoice(list, groups);
  return (
    <>
      <Spotlight.Search
        placeholder="Search or run a command…"
        aria-label="Search or run a command"
        role="combobox"
        aria-expanded={count > 0}
        aria-autocomplete="list"
        aria-controls={count > 0 ? listId : undefined}
        aria-activedescendant={chosen >= 0 && chosen < count ? lineId(chosen) : undefined}
        leftSection={<IconSearch size={15} />}
      />
      <p role="status" className="visually-hidden">
        {count > 0 && `${formatQuantity(count, "line")} found`}
      </p>
      <Spotlight.ActionsList>
        <PaletteList list={list} groups={groups} chosen={chosen} />
      </Spotlight.ActionsList>
    </>
  );
}

function PaletteList(props: {
  list: RefObject<HTMLDivElement | null>;
  groups: readonly PaletteGroup[];
  chosen: number;
}) {
  const { list, groups, chosen } = props;
  if (groups.length === 0)
    return <Spotlight.Empty role="status">No results. Try a name, a page or a command.</Spotlight.Empty>;
  let place = 0;
  return (
    <div ref={list} id={listId} role="listbox" aria-label="Found">
      {groups.map(({ group, entries }) => (
        <Spotlight.ActionsGroup key={group} label={group} role="group" aria-label={group}>
          {entries.map((entry) => {
            const at = place++;
            return <PaletteLine key={entry.id} entry={entry} place={at} chosen={at === chosen} />;
          })}
        </Spotlight.ActionsGroup>
      ))}
    </div>
  );
}

/** What the search field calls the line at a place of the list, from 0. */
function lineId(place: number): string {
  return `palette-line-${place}`;
}

/**
 * One line of the palette. The library finds it by `data-action`; its own line is a button of which the search
 * field cannot tell which one is chosen.
 */
function PaletteLine(props: { entry: PaletteEntry; place: number; chosen: boolean }) {
  const { entry, place, chosen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field keeps the focus and presses the chosen line
    <div
      id={lineId(place)}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      data-action
      className={classes.line}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        entry.run();
        palette.close();
      }}
    >
      {entry.glyph && <StateGlyph shape={entry.glyph.shape} tone={entry.glyph.tone} />}
      <span className={classes.label}>{entry.label}</span>
      {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
      {entry.keys && <KeyHint keys={entry.keys} />}
    </div>
  );
}
