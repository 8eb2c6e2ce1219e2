import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount } from "../format.ts";
import { AfterAMoment } from "../loading-skeleton.tsx";
import { StateGlyph } from "../state-glyph.tsx";
import classes from "./data-table.module.css";

interface TableToolbarProps {
  filter: ReactNode;
  /** Undefined while it is not known. */
  total: number | undefined;
  shown: number;
  /** What is asked for is not all here yet. */
  reading: boolean;
  paused: string | undefined;
  onRelease: () => void;
  /** Menus at the end of the line. */
  menus: ReactNode;
  selection: { count: number; hidden: number; actions: ReactNode; onClear: () => void } | undefined;
}

/** The line above a table: filter, how many of how many, whether the order is held, and what can be done. */
export function TableToolbar(props: TableToolbarProps) {
  const { filter, total, shown, paused, selection } = props;
  return (
    <div className={classes.toolbar}>
      {filter}
      <span role="status" className={classes.count}>
        {total !== undefined && countText(shown, total)}
        {props.reading && <AfterAMoment> · reading…</AfterAMoment>}
      </span>
      {paused && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          title="Order is frozen while you point at the table. Press to re-sort."
          leftSection={<StateGlyph shape="clock" tone="idle" />}
          onClick={props.onRelease}
        >
          {paused}
        </Button>
      )}
      <span className={classes.gap} />
      {selection && selection.count > 0 && (
        <div role="group" aria-label="Selected rows" className={classes.selection}>
          <span>
            {formatCount(selection.count)} selected
            {selection.hidden > 0 && ` (${formatCount(selection.hidden)} filtered out)`}
          </span>
          {selection.actions}
          <Button size="compact-xs" variant="subtle" color="gray" onClick={selection.onClear}>
            Clear
          </Button>
        </div>
      )}
      {props.menus}
    </div>
  );
}

function countText(shown: number, total: number): string {
  return shown === total ? formatCount(total) : `${formatCount(shown)} of ${formatCount(total)}`;
}
