/** What of a table is kept in the address: filter text, sort and the shown columns in their order. */
export interface TableAddress {
  filter: string;
  sort?: { column: string; descending: boolean };
  /** Absent: the columns as declared. */
  columns?: readonly string[];
}

const parts = ["filter", "sort", "columns"] as const;

/** Reads one table's state from search parameters (`hosts.sort=-name`); unknown column ids are dropped. */
export function readTableAddress(
  parameters: URLSearchParams,
  table: string,
  known: ReadonlySet<string>,
): TableAddress {
  const address: TableAddress = { filter: parameters.get(`${table}.filter`) ?? "" };
  const sort = parameters.get(`${table}.sort`) ?? "";
  const column = sort.replace(/^-/, "");
  if (known.has(column)) address.sort = { column, descending: sort.startsWith("-") };
  const named = parameters.get(`${table}.columns`)?.split(",") ?? [];
  const columns = [...new Set(named)].filter((id) => known.has(id));
  if (columns.length > 0) address.columns = columns;
  return address;
}

/** The search parameters with one table's state replaced; what is at its default is left out. */
export function writeTableAddress(
  parameters: URLSearchParams,
  table: string,
  address: TableAddress,
): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const values: Record<(typeof parts)[number], string | undefined> = {
    filter: address.filter,
    sort: address.sort && `${address.sort.descending ? "-" : ""}${address.sort.column}`,
    columns: address.columns?.join(","),
  };
  for (const part of parts) {
    if (values[part]) next.set(`${table}.${part}`, values[part]);
    else next.delete(`${table}.${part}`);
  }
  return next;
}
