import { parseFilter } from "../../../shared/contract/filter.ts";
import {
  type CompiledFilter,
  compileFilter,
  type FilterFields,
} from "../../../shared/contract/filter-match.ts";
import type { DataColumn } from "./column.ts";

/** The columns as fields of the filter; free words look into the shown texts. */
export function filterFieldsOf<Row>(columns: readonly DataColumn<Row>[]): FilterFields<Row> {
  return {
    fields: Object.fromEntries(columns.map((column) => [column.id, column.value])),
    defaultFields: columns
      .filter((column) => column.searched ?? !(column.hidden || column.align === "end"))
      .map((column) => column.id),
  };
}

/** Compiles a filter text over the columns of a table. */
export function compileTableFilter<Row>(text: string, fields: FilterFields<Row>): CompiledFilter<Row> {
  return compileFilter(parseFilter(text), fields);
}
