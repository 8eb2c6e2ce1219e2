import { useCallbackRef } from "@mantine/hooks";
import { type PointerEvent, useMemo, useState } from "react";
import type { DataColumn } from "./column.ts";

/** The same object as long as nothing in it changes. */
export interface Columns<Row> {
  /** The same array as long as the same columns are shown. */
  shown: readonly DataColumn<Row>[];
  /** Gives a column the width that its grip, which was pressed, is drawn to. */
  startResize: (columnId: string, event: PointerEvent<HTMLElement>) => void;
  /** `grid-template-columns` of header and rows alike. */
  template: string;
  minWidth: number;
}

const defaultWidth = 120;
const leastWidth = 48;
/** A column of text at least this wide gives up some of it before the table has to be scrolled sideways. */
const roomy = 140;
const spare = 0.86;

/** The columns to show, in order, with their widths; `wanted` are ids from the address. */
export function useColumns<Row>(
  columns: readonly DataColumn<Row>[],
  wanted: readonly string[] | undefined,
): Columns<Row> {
  const ids = wanted?.join(",");
  const shown = useMemo(() => shownColumns(columns, ids?.split(",")), [columns, ids]);
  const [resized, setResized] = useState<Readonly<Record<string, number>>>({});
  const startResize = useCallbackRef((columnId: string, event: PointerEvent<HTMLElement>) =>
    followPointer(event, (width) => setResized((known) => ({ ...known, [columnId]: width }))),
  );
  return useMemo(() => {
    const widths = shown.map((column) => widthOf(column, resized[column.id]));
    return {
      shown,
      startResize,
      template: widths.map(track).join(" "),
      minWidth: widths.reduce((sum, { least }) => sum + least, 0),
    };
  }, [shown, startResize, resized]);
}

function shownColumns<Row>(
  columns: readonly DataColumn<Row>[],
  wanted: readonly string[] | undefined,
): readonly DataColumn<Row>[] {
  if (!wanted) return columns.filter((column) => !column.hidden);
  const byId = new Map(columns.map((column) => [column.id, column]));
  return wanted.flatMap((id) => byId.get(id) ?? []);
}

/** Emits the width of the pressed grip's header until the pointer is let go. */
function followPointer(
  { currentTarget: grip, pointerId, clientX: from }: PointerEvent<HTMLElement>,
  onWidth: (width: number) => void,
): void {
  const before = grip.parentElement?.offsetWidth ?? defaultWidth;
  const over = new AbortController();
  const { signal } = over;
  grip.setPointerCapture(pointerId);
  grip.addEventListener("lostpointercapture", () => over.abort(), { signal });
  const move = ({ clientX }: { clientX: number }) => onWidth(Math.max(leastWidth, before + clientX - from));
  grip.addEventListener("pointermove", move, { signal });
}

interface Width {
  width: number;
  /** What it can do with. */
  least: number;
  fixed: boolean;
}

function widthOf<Row>(column: DataColumn<Row>, resized: number | undefined): Width {
  const width = resized ?? column.width ?? defaultWidth;
  const isText = column.align !== "end";
  const fixed = resized !== undefined;
  return { width, fixed, least: isText && !fixed && width >= roomy ? Math.floor(width * spare) : width };
}

/** A column that was given a width keeps it; the others share what is left over, or what is missing. */
function track({ width, least, fixed }: Width): string {
  return fixed ? `${width}px` : `minmax(${least}px, ${width}fr)`;
}
