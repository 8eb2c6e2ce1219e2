import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { IdCell, TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { Chips } from "./chips.tsx";
import { maxText, unbounded } from "./component-groups.ts";
import classes from "./lattice.module.css";
import { imageTail, WadmMark } from "./marks.tsx";

/** The columns of the components page with one row a component on a host; their ids are the names in the filter. */
export const placementColumns: readonly DataColumn<ComponentRow>[] = [
  {
    id: "id",
    header: "Id",
    width: 200,
    value: (row) => row.id,
    render: (row) => (
      <span className={classes.twoLines}>
        <strong className="mono">{row.id}</strong>
        {row.lastFailure && (
          <StateGlyph shape="bang" tone="bad" label={`last failure: ${row.lastFailure.message}`} />
        )}
      </span>
    ),
  },
  { id: "host", header: "Host", width: 180, value: (row) => row.hostName },
  {
    id: "image",
    header: "Image",
    width: 240,
    mono: true,
    value: (row) => row.imageReference,
    render: (row) => <span title={row.imageReference}>{imageTail(row.imageReference)}</span>,
  },
  {
    id: "max",
    header: "Max",
    width: 100,
    align: "end",
    value: (row) => (row.maxInstances >= unbounded ? "unbounded" : row.maxInstances),
    sortValue: (row) => row.maxInstances,
    render: (row) => maxText(row.maxInstances),
  },
  {
    id: "annotations",
    header: "Annotations",
    width: 200,
    value: (row) => row.annotations,
    render: (row) => <Chips map={row.annotations} brief />,
  },
  {
    id: "managed",
    header: "Managed",
    width: 84,
    value: (row) => (row.managedByWadm ? "wadm" : undefined),
    render: (row) => row.managedByWadm && <WadmMark />,
  },
  {
    id: "changed",
    header: "Last change",
    width: 100,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.changedAt,
    render: (row) => row.changedAt && <TimeCell at={row.changedAt} />,
  },
  {
    id: "hostId",
    header: "Host id",
    hidden: true,
    width: 150,
    mono: true,
    value: (row) => row.hostId,
    render: (row) => <IdCell id={row.hostId} />,
  },
  { id: "limits", header: "Limits", hidden: true, width: 200, value: (row) => row.limits },
  {
    id: "failure",
    header: "Last failure",
    hidden: true,
    width: 260,
    value: (row) => row.lastFailure?.message,
  },
];
