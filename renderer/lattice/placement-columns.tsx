import type { ComponentRow } from "../../shared/lattice/schema.ts";
import type { DataColumn } from "../ui/data-table/column.ts";
import { maxText, unbounded } from "./component-groups.ts";
import * as workload from "./workload-columns.tsx";

/** The columns of the components page with one row a component on a host; their ids are the names in the filter. */
export const placementColumns: readonly DataColumn<ComponentRow>[] = [
  workload.nameColumn,
  workload.hostColumn,
  workload.imageColumn,
  {
    id: "max",
    header: "Max",
    width: 100,
    align: "end",
    value: (row) => (row.maxInstances >= unbounded ? "unbounded" : row.maxInstances),
    sortValue: (row) => row.maxInstances,
    render: (row) => maxText(row.maxInstances),
  },
  workload.annotationsColumn,
  workload.managedColumn,
  workload.changedColumn,
  workload.hostIdColumn,
  { id: "limits", header: "Limits", hidden: true, width: 200, value: (row) => row.limits },
  workload.failureColumn,
];
