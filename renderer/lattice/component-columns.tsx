import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { type ComponentGroup, totalText } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { DriftMark, imageTail, WadmMark } from "./marks.tsx";

/** The columns of the components page, one row a component id; their ids are the names in the filter. */
export const componentColumns: readonly DataColumn<ComponentGroup>[] = [
  {
    id: "id",
    header: "Id",
    width: 200,
    value: (group) => group.id,
    render: (group) => <ComponentName group={group} />,
  },
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
  {
    id: "managed",
    header: "Managed",
    width: 84,
    value: (group) => (group.managedByWadm ? "wadm" : undefined),
    render: (group) => group.managedByWadm && <WadmMark />,
  },
  {
    id: "changed",
    header: "Last change",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (group) => group.changedAt,
    render: (group) => group.changedAt && <TimeCell at={group.changedAt} />,
  },
  {
    id: "failure",
    header: "Last failure",
    hidden: true,
    width: 260,
    value: (group) => group.lastFailure?.message,
  },
  {
    id: "annotations",
    header: "Annotations",
    hidden: true,
    width: 240,
    value: (group) => group.rows[0]?.annotations,
  },
];

function ComponentName({ group }: { group: ComponentGroup }) {
  return (
    <span className={classes.twoLines}>
      <strong className="mono">{group.id}</strong>
      {group.lastFailure && (
        <StateGlyph shape="bang" tone="bad" label={`last failure: ${group.lastFailure.message}`} />
      )}
    </span>
  );
}

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
