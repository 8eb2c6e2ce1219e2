import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { DataColumn } from "./column.ts";

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
});

// The table library keeps the columns; rows are ordered by our own engine, because it would build an object for each.
const noRows: never[] = [];

export interface ShownColumn<Row> {
  column: DataColumn<Row>;
  width: number;
  startResize: (event: unknown) => void;
}

export interface Columns<Row> {
  shown: readonly ShownColumn<Row>[];
  /** `grid-template-columns` of header and rows alike. */
  template: string;
  minWidth: number;
}

const defaultWidth = 120;

/** The columns to show, in order, with their widths; `wanted` are ids from the address. */
export function useColumns<Row>(
  columns: readonly DataColumn<Row>[],
  wanted: readonly string[] | undefined,
): Columns<Row> {
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        size: column.width ?? defaultWidth,
        minSize: 48,
      })),
    [columns],
  );
  const state = useMemo(() => columnState(columns, wanted), [columns, wanted]);
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    state,
    columnResizeMode: "onChange",
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  const shown = table.getLeafHeaders().flatMap((header) => {
    const column = byId.get(header.column.id);
    return column ? [{ column, width: header.getSize(), startResize: header.getResizeHandler() }] : [];
  });
  const resized = table.state.columnSizing;
  return {
    shown,
    template: shown
      .map(({ column, width }) => (column.id in resized ? `${width}px` : `minmax(${width}px, ${width}fr)`))
      .join(" "),
    minWidth: shown.reduce((sum, { width }) => sum + width, 0),
  };
}

function columnState<Row>(columns: readonly DataColumn<Row>[], wanted: readonly string[] | undefined) {
  const visible = new Set(wanted ?? columns.filter((column) => !column.hidden).map((column) => column.id));
  const rest = columns.map((column) => column.id).filter((id) => !wanted?.includes(id));
  return {
    columnOrder: [...(wanted ?? []), ...rest],
    columnVisibility: Object.fromEntries(columns.map((column) => [column.id, visible.has(column.id)])),
  };
}
