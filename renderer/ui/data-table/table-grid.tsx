import {
  type MouseEvent,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
} from "react";
import { useUiStore } from "../../state/ui-store.ts";
import { useFixedRows } from "../use-fixed-rows.ts";
import classes from "./data-table.module.css";
import type { Entry } from "./entries.ts";
import { TableHeader } from "./table-header.tsx";
import { TableRow } from "./table-row.tsx";
import type { TableAddress } from "./table-url.ts";
import type { Columns } from "./use-columns.ts";
import { handleTableKey, type TableKeyActions } from "./use-table-keys.ts";

export interface GridHandle<Row> {
  focus: () => void;
  /** The rows that can be seen, and a few around them. */
  inView: () => readonly Row[];
}

export interface TableGridProps<Row> {
  label: string;
  columns: Columns<Row>;
  rows: readonly Entry<Row>[];
  isPresent: (key: string) => boolean;
  sort: TableAddress["sort"];
  onSort: (sort: TableAddress["sort"]) => void;
  activeIndex: number;
  openKey: string | undefined;
  selected: ReadonlySet<string> | undefined;
  onToggleAll: () => void;
  keys: Omit<TableKeyActions, "page">;
  onPress: (key: string, row: Row, event: MouseEvent) => void;
  onToggle: (key: string, event: { shiftKey: boolean }) => void;
  /** Handlers that notice whether somebody is in the table. */
  hold: object;
  stale: boolean;
  /** What is asked for is still being read. */
  busy: boolean;
  /** Stands instead of the rows. */
  instead: ReactNode;
  ref?: Ref<GridHandle<Row>>;
}

const headerHeight = 30;
const overscan = 3;

/** The scrolling grid: sticky header, and only those rows that can be seen. */
export function TableGrid<Row>(props: TableGridProps<Row>) {
  const { columns, rows, activeIndex, selected, instead } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const rowHeight = useUiStore((state) => (state.density === "comfortable" ? 40 : 32));
  const { rows: drawn, virtualizer } = useFixedRows({
    scroller,
    count: instead ? 0 : rows.length,
    rowHeight,
    overscan,
    headHeight: headerHeight,
  });
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    inView: () => drawn.flatMap(({ index }) => rows[index]?.row ?? []),
  }));
  const moveTo = (index: number, extend: boolean) => {
    props.keys.moveTo(index, extend);
    virtualizer.scrollToIndex(index, { align: "auto" });
  };
  const activeShown = drawn.some((item) => item.index === activeIndex);
  const { sort, onSort, onToggleAll } = props;
  const count = rows.length;
  const header = useMemo(
    () => (
      <TableHeader
        columns={columns}
        sort={sort}
        onSort={onSort}
        all={selected && selectAllState(selected, count, onToggleAll)}
      />
    ),
    [columns, sort, onSort, selected, count, onToggleAll],
  );
  const layout = { "--columns": columns.template, "--width": `${columns.minWidth}px` } as React.CSSProperties;
  return (
    <div
      ref={scroller}
      id={id}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.shown.length + (selected ? 1 : 0)}
      aria-multiselectable={selected ? true : undefined}
      aria-activedescendant={activeShown ? `${id}-${activeIndex}` : undefined}
      aria-busy={props.stale || props.busy || undefined}
      tabIndex={0}
      className={classes.grid}
      data-stale={props.stale || undefined}
      data-scrolling={virtualizer.isScrolling || undefined}
      data-selectable={selected ? true : undefined}
      style={layout}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLElement && event.target.closest("button,a,input")) return;
        const page = rowsOnScreen(event.currentTarget, rowHeight);
        if (!handleTableKey(event, { ...props.keys, page, moveTo })) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      {...props.hold}
    >
      {header}
      {instead ? (
        <div role="rowgroup">
          <div role="row" aria-rowindex={2}>
            <div role="gridcell">{instead}</div>
          </div>
        </div>
      ) : (
        <div role="rowgroup" className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map((item) => {
            const entry = rows[item.index];
            return entry ? (
              <TableRow
                key={item.slot}
                id={`${id}-${item.index}`}
                rowKey={entry.key}
                row={entry.row}
                index={item.index}
                top={item.top}
                columns={columns.shown}
                active={item.index === activeIndex}
                open={entry.key === props.openKey}
                selectable={selected !== undefined}
                selected={selected?.has(entry.key) ?? false}
                gone={!props.isPresent(entry.key)}
                onPress={props.onPress}
                onToggle={props.onToggle}
              />
            ) : null;
          })}
        </div>
      )}
    </div>
  );
}

/** Asked for when a key needs it: to measure while drawing lays the page out once more in each step of a scroll. */
function rowsOnScreen(scroller: HTMLElement, rowHeight: number): number {
  return Math.max(1, Math.floor((scroller.clientHeight - headerHeight) / rowHeight) - 1);
}

function selectAllState(selected: ReadonlySet<string>, count: number, onToggle: () => void) {
  const all = count > 0 && selected.size >= count;
  return { checked: all, indeterminate: selected.size > 0 && !all, onToggle };
}
