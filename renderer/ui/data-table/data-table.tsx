import { useCallbackRef } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  type ReactNode,
  type Ref,
  useDeferredValue,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from "react";
import type { FailureData } from "../../../shared/contract/index.ts";
import { copy } from "../clipboard.ts";
import { FilterField } from "../filter-field.tsx";
import { formatQuantity } from "../format.ts";
import { useNotRead } from "../not-read.tsx";
import { useShortcuts } from "../shortcuts.ts";
import { type DataColumn, sortKey } from "./column.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import classes from "./data-table.module.css";
import { toTsv } from "./delimited.ts";
import { ExportMenu } from "./export-menu.tsx";
import type { OrderQuery } from "./order.ts";
import { compileTableFilter, filterFieldsOf } from "./table-filter.ts";
import { type GridHandle, TableGrid } from "./table-grid.tsx";
import { type EmptyText, insteadOfRows, type TablePhase } from "./table-states.tsx";
import { TableToolbar } from "./table-toolbar.tsx";
import type { TableAddress } from "./table-url.ts";
import { useActiveRow } from "./use-active-row.ts";
import { useColumns } from "./use-columns.ts";
import { useHeldOrder } from "./use-held-order.ts";
import { useHold } from "./use-hold.ts";
import { useRowSelection } from "./use-row-selection.ts";
import { useTableAddress } from "./use-table-address.ts";
import { tableKeyList } from "./use-table-keys.ts";
import { useTableOrder } from "./use-table-order.ts";

export interface DataTableProps<Row> {
  /** Names the table in the address and in exported files, and what its rows are: "hosts". */
  id: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Must be the same array between renders; the first column is the order unless another is chosen. */
  columns: readonly DataColumn<Row>[];
  /** Until the person chooses another one; unless given, the first column rising. */
  initialSort?: { column: string; descending: boolean };
  phase: TablePhase;
  failure?: FailureData | undefined;
  onRetry?: () => void;
  empty: EmptyText;
  /** Banners between the toolbar and the rows. */
  notice?: ReactNode;
  /** The rows are the console's own records: whether there are none is known also where nothing can be read. */
  ownRecords?: boolean;
  onOpen?: (row: Row) => void;
  openKey?: string | undefined;
  selectable?: boolean;
  bulkActions?: (rows: readonly Row[]) => ReactNode;
  /** Told how to go to the row before or after the open one, in the shown order. */
  onStepper?: (step: (by: -1 | 1) => void) => void;
  /** Tells when asked which rows can be seen. */
  inView?: Ref<() => readonly Row[]>;
}

/** A live table of any length: filter, sort, columns, selection, copy, export; its state is in the address. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { id, rows, rowKey, columns, openKey, onOpen } = props;
  const known = useMemo(() => new Set(columns.map((column) => column.id)), [columns]);
  const address = useTableAddress(id, known);
  const sort = useSort(props, address.sort);
  const { query, problems, fields } = useQuery(columns, address.filter, sort);
  const snapshot = useTableOrder({ rows, rowKey, query });
  const { held, bind } = useHold();
  const { shown, paused, release } = useHeldOrder(snapshot, held);
  const shownColumns = useColumns(columns, address.columns);
  const selection = useRowSelection(snapshot.entries, shown);
  const active = useActiveRow({
    shown,
    openKey,
    onOpen,
    selection: props.selectable ? selection : undefined,
  });
  const grid = useRef<GridHandle<Row>>(null);
  useImperativeHandle(props.inView, () => () => grid.current?.inView() ?? []);
  useShortcuts(tableKeyList({ opens: onOpen !== undefined, selects: props.selectable ?? false }));
  const { onStepper } = props;
  useEffect(() => onStepper?.(active.step), [onStepper, active.step]);

  const chosen = useCallbackRef(() =>
    selection.keys.size > 0 ? selection.rows() : shown.map((entry) => entry.row),
  );
  const chosenCount = selection.keys.size > 0 ? selection.keys.size : shown.length;
  const copy = useCallbackRef(() => void copyRows(shownColumns.shown, chosen()));
  const toggleAll = useCallbackRef(selection.toggleAll);
  // Rows change twenty times a second; what stands above them takes longer to draw than they do, and does not change.
  const filter = useMemo(
    () => (
      <FilterField
        what={id}
        value={address.filter}
        onChange={address.setFilter}
        problems={problems}
        fields={fields}
        onLeave={() => grid.current?.focus()}
      />
    ),
    [id, address.filter, address.setFilter, problems, fields],
  );
  const menus = useMemo(
    () => (
      <>
        <ColumnsMenu columns={columns} shown={shownColumns.shown} onChange={address.setColumns} />
        <ExportMenu name={id} columns={shownColumns.shown} rows={chosen} count={chosenCount} onCopy={copy} />
      </>
    ),
    [id, columns, shownColumns.shown, address.setColumns, chosen, chosenCount, copy],
  );
  const notRead = useNotRead();
  const instead = insteadOfRows({
    ...props,
    notRead: props.ownRecords ? undefined : notRead,
    what: id,
    total: snapshot.entries.list.length,
    shown: shown.length,
    columns: shownColumns.shown.length,
    settled: snapshot.query === query,
    onClearFilter: () => address.setFilter(""),
  });
  const isUnread = props.phase === "loading" || props.phase === "failed" || notRead !== undefined;
  const isCounted = rows.length > 0 || props.ownRecords === true || !isUnread;
  return (
    <div className={classes.table}>
      <TableToolbar
        filter={filter}
        total={isCounted ? snapshot.entries.list.length : undefined}
        shown={snapshot.query ? shown.length : snapshot.entries.list.length}
        reading={props.phase === "loading" && snapshot.entries.list.length > 0}
        paused={paused}
        onRelease={release}
        selection={
          props.selectable
            ? {
                count: selection.keys.size,
                hidden: selection.keys.size > 0 ? selection.hidden() : 0,
                actions: props.bulkActions?.(selection.rows()),
                onClear: selection.clear,
              }
            : undefined
        }
        menus={menus}
      />
      {props.notice}
      <TableGrid
        ref={grid}
        label={id}
        columns={shownColumns}
        rows={shown}
        isPresent={(key) => snapshot.entries.byKey.has(key)}
        sort={sort}
        onSort={address.setSort}
        activeIndex={active.index}
        openKey={openKey}
        selected={props.selectable ? selection.keys : undefined}
        onToggleAll={toggleAll}
        keys={{ ...active.keys, selectable: props.selectable ?? false, selectAll: selection.all, copy }}
        onPress={active.onPress}
        onToggle={active.onToggle}
        hold={bind}
        stale={props.phase === "stale"}
        busy={props.phase === "loading" && notRead === undefined}
        instead={instead}
      />
    </div>
  );
}

/** The question that filter text and sort ask; the same object as long as it is the same question. */
function useQuery<Row>(columns: readonly DataColumn<Row>[], filter: string, sort: TableAddress["sort"]) {
  const text = useDeferredValue(filter);
  const fields = useMemo(() => filterFieldsOf(columns), [columns]);
  const compiled = useMemo(() => compileTableFilter(text, fields), [text, fields]);
  const column = columns.find(({ id }) => id === sort?.column);
  const descending = sort?.descending ?? false;
  const query = useMemo((): OrderQuery<Row> => {
    const order = column ? { sortKey: (row: Row) => sortKey(column, row), descending } : {};
    return { matches: compiled.test, ...order };
  }, [compiled, column, descending]);
  const names = useMemo(() => Object.keys(fields.fields), [fields]);
  return { query, problems: compiled.problems, fields: names };
}

/** What the address says, or else the table, or else the first column. */
function useSort<Row>(
  { columns, initialSort }: Pick<DataTableProps<Row>, "columns" | "initialSort">,
  chosen: TableAddress["sort"],
): TableAddress["sort"] {
  const column = chosen?.column ?? initialSort?.column ?? columns[0]?.id;
  const descending = (chosen ?? initialSort)?.descending ?? false;
  return useMemo(() => (column === undefined ? undefined : { column, descending }), [column, descending]);
}

async function copyRows<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): Promise<void> {
  if (!(await copy(() => ({ text: toTsv(columns, rows) })))) return;
  notifications.show({ message: `Copied ${formatQuantity(rows.length, "row")} as text` });
}
