import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { IdCell, TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { Chips } from "./chips.tsx";
import { imageTail, MarkedName, WadmMark } from "./marks.tsx";

/** What components and providers on a host have in common. */
type Workload = Pick<
  ProviderRow,
  | "id"
  | "hostId"
  | "hostName"
  | "imageReference"
  | "annotations"
  | "managedByWadm"
  | "changedAt"
  | "lastFailure"
>;
type Named = Pick<Workload, "id" | "lastFailure">;

/** Its id, and a mark where something failed since the console follows the lattice. */
function WorkloadName({ row }: { row: Named }) {
  const label = row.lastFailure && `last failure: ${row.lastFailure.message}`;
  return <MarkedName mono name={row.id} mark={label ? { shape: "bang", tone: "bad", label } : undefined} />;
}

export const nameColumn: DataColumn<Named> = {
  id: "id",
  header: "Id",
  width: 200,
  value: (row) => row.id,
  render: (row) => <WorkloadName row={row} />,
};

export const hostColumn: DataColumn<Workload> = {
  id: "host",
  header: "Host",
  width: 180,
  value: (row) => row.hostName,
};

export const imageColumn: DataColumn<Workload> = {
  id: "image",
  header: "Image",
  width: 240,
  mono: true,
  value: (row) => row.imageReference,
  render: (row) =>
    row.imageReference && <span title={row.imageReference}>{imageTail(row.imageReference)}</span>,
};

export const annotationsColumn: DataColumn<Workload> = {
  id: "annotations",
  header: "Annotations",
  width: 200,
  value: (row) => row.annotations,
  render: (row) => <Chips map={row.annotations} brief />,
};

export const managedColumn: DataColumn<Pick<Workload, "managedByWadm">> = {
  id: "managed",
  header: "Managed",
  width: 84,
  value: (row) => (row.managedByWadm ? "wadm" : undefined),
  render: (row) => row.managedByWadm && <WadmMark />,
};

export const changedColumn: DataColumn<Pick<Workload, "changedAt">> = {
  id: "changed",
  header: "Last change",
  width: 100,
  align: "end",
  quiet: true,
  searched: false,
  value: (row) => row.changedAt,
  render: (row) => row.changedAt && <TimeCell at={row.changedAt} />,
};

export const hostIdColumn: DataColumn<Workload> = {
  id: "hostId",
  header: "Host id",
  hidden: true,
  width: 150,
  mono: true,
  value: (row) => row.hostId,
  render: (row) => <IdCell id={row.hostId} />,
};

export const failureColumn: DataColumn<Pick<Workload, "lastFailure">> = {
  id: "failure",
  header: "Last failure",
  hidden: true,
  width: 260,
  value: (row) => row.lastFailure?.message,
};
