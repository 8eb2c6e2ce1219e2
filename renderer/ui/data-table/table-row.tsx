import { type MouseEvent, memo, useRef } from "react";
import { formatCount } from "../format.ts";
import { cellText, type DataColumn } from "./column.ts";
import classes from "./data-table.module.css";

export interface TableRowProps<Row> {
  id: string;
  row: Row;
  rowKey: string;
  /** Place among the shown rows, from 0. */
  index: number;
  /** Pixels from the first row. */
  top: number;
  columns: readonly DataColumn<Row>[];
  active: boolean;
  open: boolean;
  selectable: boolean;
  selected: boolean;
  /** No longer there, and kept in its place until the order moves on. */
  gone: boolean;
  onPress: (key: string, row: Row, event: MouseEvent) => void;
  onToggle: (key: string, event: { shiftKey: boolean }) => void;
}

function TableRowView<Row>(props: TableRowProps<Row>) {
  const { id, row, rowKey, index, top, columns, active, open, selectable, selected, gone } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid's own keys do the same
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      aria-current={open || undefined}
      className={classes.row}
      data-active={active || undefined}
      data-open={open || undefined}
      data-gone={gone || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => props.onPress(rowKey, row, event)}
    >
      {selectable && (
        <div role="gridcell" className={classes.check}>
          <input
            type="checkbox"
            tabIndex={-1}
            className={classes.box}
            aria-label="Select the row"
            checked={selected}
            onClick={(event) => {
              event.stopPropagation();
              props.onToggle(rowKey, event);
            }}
            readOnly
          />
        </div>
      )}
      {columns.map((column) => (
        <Cell key={column.id} column={column} row={row} rowKey={rowKey} />
      ))}
    </div>
  );
}

/** One row; renders again only when its row object or its state changes. */
export const TableRow = memo(TableRowView) as typeof TableRowView;

function Cell<Row>({ column, row, rowKey }: { column: DataColumn<Row>; row: Row; rowKey: string }) {
  const value = column.value(row);
  const text = cellText(value);
  const mark = useChangeMark(rowKey, text);
  return (
    <div
      role="gridcell"
      className={column.mono ? `${classes.cell} mono` : classes.cell}
      data-align={column.align}
      data-changed={column.quiet ? undefined : mark}
      title={column.render ? undefined : text}
    >
      {column.render ? column.render(row) : typeof value === "number" ? formatCount(value) : text}
    </div>
  );
}

/** Two names in turn, so that a change during the fade begins it anew; undefined until the row at hand changes. */
function useChangeMark(rowKey: string, text: string): "odd" | "even" | undefined {
  // No state: to set it while drawing draws every cell twice that a scroll gives to another row.
  const seen = useRef({ rowKey, text, changes: 0 });
  if (seen.current.rowKey !== rowKey) seen.current = { rowKey, text, changes: 0 };
  else if (seen.current.text !== text) seen.current = { rowKey, text, changes: seen.current.changes + 1 };
  const { changes } = seen.current;
  if (changes === 0) return undefined;
  return changes % 2 === 1 ? "odd" : "even";
}
