import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { HealthBadge } from "./marks.tsx";
import * as workload from "./workload-columns.tsx";

const healthRank: Record<ProviderRow["health"], number> = {
  unhealthy: 0,
  silent: 1,
  unknown: 2,
  healthy: 3,
};

/** The columns of the providers page, one row a provider on a host; their ids are the names in the filter. */
export const providerColumns: readonly DataColumn<ProviderRow>[] = [
  workload.nameColumn,
  workload.hostColumn,
  workload.imageColumn,
  {
    id: "health",
    header: "Health",
    width: 110,
    value: (row) => row.health,
    sortValue: (row) => healthRank[row.health],
    render: (row) => <HealthBadge health={row.health} />,
  },
  workload.managedColumn,
  {
    id: "healthAt",
    header: "Health from",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.healthAt,
    render: (row) => row.healthAt && <TimeCell at={row.healthAt} />,
  },
  workload.changedColumn,
  workload.hostIdColumn,
  { ...workload.annotationsColumn, hidden: true, width: 220 },
  workload.failureColumn,
];
