import { useCallbackRef } from "@mantine/hooks";
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

/** The same object as long as nothing in it changes. */
export interface Columns<Row> {
  /** The same array as long as the same columns are shown. */
  shown: readonly DataColumn<Row>[];
  startResize: (columnId: string, event: unknown) => void;
  /** `grid-template-columns` of header and rows alike. */
  template: string;
  minWidth: number;
}

const defaultWidth = 120;
/** A column of text at least this wide gives up some of it before the table has to be scrolled sideways. */
const roomy = 140;
const spare = 0.86;

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
  const headers = table.getLeafHeaders();
  const ids = headers.map((header) => header.column.id).join(",");
  const shown = useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    return ids.split(",").flatMap((id) => byId.get(id) ?? []);
  }, [columns, ids]);
  const resized = table.state.columnSizing;
  const startResize = useCallbackRef((columnId: string, event: unknown) =>
    headers.find((header) => header.column.id === columnId)?.getResizeHandler()(event),
  );
  const widths = headers.map((header, at) =>
    widthOf(header.getSize(), header.column.id in resized, shown[at]?.align !== "end"),
  );
  const template = widths.map(track).join(" ");
  const minWidth = widths.reduce((sum, { least }) => sum + least, 0);
  return useMemo(
    () => ({ shown, startResize, template, minWidth }),
    [shown, startResize, template, minWidth],
  );
}

interface Width {
  width: number;
  /** What it can do with. */
  least: number;
  fixed: boolean;
}

function widthOf(width: number, fixed: boolean, isText: boolean): Width {
  return { width, fixed, least: isText && !fixed && width >= roomy ? Math.floor(width * spare) : width };
}

/** A column that was given a width keeps it; the others share what is left over, or what is missing. */
function track({ width, least, fixed }: Width): string {
  return fixed ? `${width}px` : `minmax(${least}px, ${width}fr)`;
}

function columnState<Row>(columns: readonly DataColumn<Row>[], wanted: readonly string[] | undefined) {
  const visible = new Set(wanted ?? columns.filter((column) => !column.hidden).map((column) => column.id));
  const rest = columns.map((column) => column.id).filter((id) => !wanted?.includes(id));
  return {
    columnOrder: [...(wanted ?? []), ...rest],
    columnVisibility: Object.fromEntries(columns.map((column) => [column.id, visible.has(column.id)])),
  };
}
