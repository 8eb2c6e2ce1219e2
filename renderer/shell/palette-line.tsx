import { KeyHint } from "../ui/key-hint.tsx";
import { StateGlyph } from "../ui/state-glyph.tsx";
import classes from "./palette.module.css";
import type { PaletteEntry } from "./palette-entries.ts";
import { palette } from "./palette-store.ts";

/** What the search field calls the line at a place of the list, from 0. */
export function lineId(place: number): string {
  return `palette-line-${place}`;
}

/**
 * One line of the palette. The library finds it by `data-action`; its own line is a button of which the search
 * field cannot tell which one is chosen.
 */
export function PaletteLine(props: { entry: PaletteEntry; place: number; chosen: boolean }) {
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
