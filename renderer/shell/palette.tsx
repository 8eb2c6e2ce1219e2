import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { Selection } from "../state/selection.ts";
import { KeyHint } from "../ui/key-hint.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import classes from "./palette.module.css";
import { type PaletteEntry, searchEntries } from "./palette-entries.ts";
import { palette, paletteStore } from "./palette-store.ts";
import { useKeptChoice } from "./use-kept-choice.ts";
import { usePaletteEntries } from "./use-palette-entries.ts";

/** Finds pages, actions, connections, lattices, hosts, components and providers. */
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
      <Spotlight.Search
        placeholder="Search or run a command…"
        aria-label="Search or run a command"
        leftSection={<IconSearch size={15} />}
      />
      <Spotlight.ActionsList>
        <PaletteList query={query} selection={selection} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function PaletteList({ query, selection }: { query: string; selection: Selection | undefined }) {
  const entries = usePaletteEntries(selection);
  const groups = useMemo(() => searchEntries(query, entries), [query, entries]);
  const list = useRef<HTMLDivElement>(null);
  useKeptChoice(list, groups);
  if (groups.length === 0) return <Spotlight.Empty>Nothing has all of these words</Spotlight.Empty>;
  return (
    <div ref={list}>
      {groups.map(({ group, entries: members }) => (
        <Spotlight.ActionsGroup key={group} label={group}>
          {members.map((entry) => (
            <PaletteLine key={entry.id} entry={entry} />
          ))}
        </Spotlight.ActionsGroup>
      ))}
    </div>
  );
}

function PaletteLine({ entry }: { entry: PaletteEntry }) {
  return (
    <Spotlight.Action onClick={entry.run} className={classes.line ?? ""}>
      {entry.glyph && <StateGlyph shape={entry.glyph.shape} tone={entry.glyph.tone} />}
      <span className={classes.label}>{entry.label}</span>
      {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
      {entry.keys && <KeyHint keys={entry.keys} />}
    </Spotlight.Action>
  );
}
