import type { DataColumn } from "../../ui/data-table/column.ts";
import type { ConfigRow } from "./config-rows.ts";

/** The columns of the config page; their ids are the names in the filter. */
export const configColumns: readonly DataColumn<ConfigRow>[] = [
  {
    id: "name",
    header: "Name",
    width: 220,
    value: ({ name }) => name,
    render: ({ name }) => <strong className="mono">{name}</strong>,
  },
  { id: "kind", header: "Kind", width: 130, value: ({ secret }) => (secret ? "secret reference" : "config") },
  { id: "links", header: "Links that name it", width: 130, align: "end", value: ({ links }) => links },
];
