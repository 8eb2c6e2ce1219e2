import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, useMemo, useRef, useState } from "react";
import { useActionStore } from "../command/action.ts";
import type { Selection } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import classes from "./palette.module.css";
import { type PaletteGroup, searchEntries } from "./palette-entries.ts";
import { lineId, PaletteLine } from "./palette-line.tsx";
import { findPhrases } from "./palette-phrases.ts";
import { palette, paletteStore } from "./palette-store.ts";
import { useKeptChoice } from "./use-kept-choice.ts";
import { useActionCatalogue, usePaletteEntries } from "./use-palette-entries.ts";

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
