import type { DataColumn } from "../ui/data-table/column.ts";
import { type ComponentGroup, totalText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { DriftMark, imageTail } from "./marks.tsx";
import * as workload from "./workload-columns.tsx";

/** The columns of the components page, one row a component id; their ids are the names in the filter. */
export const componentColumns: readonly DataColumn<ComponentGroup>[] = [
  workload.nameColumn,
  {
    id: "image",
    header: "Image",
    width: 260,
    mono: true,
    value: (group) => group.images,
    render: (group) => <Images images={group.images} />,
  },
  {
    id: "host",
    header: "Host names",
    hidden: true,
    width: 240,
    value: (group) => group.rows.map((row) => row.hostName),
  },
  { id: "hosts", header: "Hosts", width: 70, align: "end", value: (group) => group.hostCount },
  {
    id: "max",
    header: "Total max",
    width: 130,
    align: "end",
    value: (group) => (group.unboundedHosts > 0 ? totalText(group) : group.total),
    sortValue: (group) => (group.unboundedHosts > 0 ? 4_294_967_296 + group.total : group.total),
  },
  {
    id: "drift",
    header: "Drift",
    width: 70,
    value: (group) => group.drift,
    sortValue: (group) => group.drift.length || undefined,
    searched: false,
    render: (group) => <DriftMark drift={group.drift} />,
  },
  workload.managedColumn,
  workload.changedColumn,
  workload.failureColumn,
  {
    id: "annotations",
    header: "Annotations",
    hidden: true,
    width: 240,
    value: (group) => group.rows[0]?.annotations,
  },
];

function Images({ images }: { images: readonly string[] }) {
  const [first = "", ...others] = images;
  return (
    <span title={images.join("\n")}>
      {imageTail(first)}
      {others.length > 0 && (
        <span className={classes.warn}>{` (+${others.length} other${others.length > 1 ? "s" : ""})`}</span>
      )}
    </span>
  );
}
