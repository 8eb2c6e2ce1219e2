import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { IdCell, TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { Chips } from "./chips.tsx";
import classes from "./lattice.module.css";
import { HealthBadge, imageTail, WadmMark } from "./marks.tsx";

const healthRank: Record<ProviderRow["health"], number> = { unhealthy: 0, unknown: 1, healthy: 2 };

/** The columns of the providers page, one row a provider on a host; their ids are the names in the filter. */
export const providerColumns: readonly DataColumn<ProviderRow>[] = [
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
    render: (row) =>
      row.imageReference && <span title={row.imageReference}>{imageTail(row.imageReference)}</span>,
  },
  {
    id: "health",
    header: "Health",
    width: 110,
    value: (row) => row.health,
    sortValue: (row) => healthRank[row.health],
    render: (row) => <HealthBadge health={row.health} />,
  },
  {
    id: "managed",
    header: "Managed",
    width: 84,
    value: (row) => (row.managedByWadm ? "wadm" : undefined),
    render: (row) => row.managedByWadm && <WadmMark />,
  },
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
  {
    id: "annotations",
    header: "Annotations",
    hidden: true,
    width: 220,
    value: (row) => row.annotations,
    render: (row) => <Chips map={row.annotations} brief />,
  },
  {
    id: "failure",
    header: "Last failure",
    hidden: true,
    width: 260,
    value: (row) => row.lastFailure?.message,
  },
];
