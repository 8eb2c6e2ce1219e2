import { IconArrowNarrowDown, IconArrowNarrowUp } from "@tabler/icons-react";
import type { PointerEvent } from "react";
import type { DataColumn } from "./column.ts";
import classes from "./data-table.module.css";
import type { TableAddress } from "./table-url.ts";
import type { Columns } from "./use-columns.ts";

interface TableHeaderProps<Row> {
  columns: Columns<Row>;
  sort: TableAddress["sort"];
  onSort: (sort: TableAddress["sort"]) => void;
  /** Present where rows can be chosen. */
  all?: { checked: boolean; indeterminate: boolean; onToggle: () => void } | undefined;
}

/** The sticky line of column headers: a press sorts, a second one turns the sort around. */
export function TableHeader<Row>({ columns, sort, onSort, all }: TableHeaderProps<Row>) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {all && (
          <div role="columnheader" className={classes.check}>
            <input
              type="checkbox"
              className={classes.box}
              aria-label="Select all shown rows"
              checked={all.checked}
              ref={(box) => {
                if (box) box.indeterminate = all.indeterminate;
              }}
              onChange={all.onToggle}
            />
          </div>
        )}
        {columns.shown.map((column) => (
          <HeaderCell
            key={column.id}
            column={column}
            direction={
              sort?.column === column.id ? (sort.descending ? "descending" : "ascending") : undefined
            }
            onSort={onSort}
            onResize={(event) => columns.startResize(column.id, event)}
          />
        ))}
      </div>
    </div>
  );
}

interface HeaderCellProps<Row> {
  column: DataColumn<Row>;
  direction: "ascending" | "descending" | undefined;
  onSort: (sort: TableAddress["sort"]) => void;
  onResize: (event: PointerEvent<HTMLElement>) => void;
}

function HeaderCell<Row>({ column, direction, onSort, onResize }: HeaderCellProps<Row>) {
  const next = { column: column.id, descending: direction === "ascending" };
  return (
    <div
      role="columnheader"
      className={classes.headCell}
      aria-sort={direction ?? "none"}
      data-align={column.align}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() => onSort(next)}
        title={`Sort by ${column.header}`}
      >
        <span>{column.header}</span>
        {direction === "ascending" && <IconArrowNarrowUp size={12} aria-hidden="true" />}
        {direction === "descending" && <IconArrowNarrowDown size={12} aria-hidden="true" />}
      </button>
      <span className={classes.grip} aria-hidden="true" onPointerDown={onResize} />
    </div>
  );
}
