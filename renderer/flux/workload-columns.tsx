import type { DataColumn } from "../ui/data-table/column.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./flux.module.css";
import { workloadLook } from "./flux-look.ts";
import { policyNames, shortImage } from "./flux-words.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

/** The columns of the workloads page; their ids are the names in the filter. */
export const workloadColumns: readonly DataColumn<WorkloadView>[] = [
  {
    id: "name",
    header: "Name",
    width: 140,
    value: (row) => row.name,
    render: (row) => <strong>{row.name}</strong>,
  },
  { id: "namespace", header: "Namespace", width: 100, value: (row) => row.namespace },
  { id: "kind", header: "Kind", width: 96, value: (row) => row.kind },
  { id: "daemon", header: "Daemon", width: 100, value: (row) => row.daemonName },
  {
    id: "images",
    header: "Images",
    width: 240,
    mono: true,
    value: (row) => row.containers.map(({ image }) => image),
    render: (row) => (
      <span title={row.containers.map(({ name, image }) => `${name}: ${image}`).join("\n")}>
        {row.containers.map(({ image }) => shortImage(image)).join(", ")}
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    width: 110,
    value: (row) => workloadLook(row).word,
    render: (row) => <StatusBadge state={workloadLook(row)} />,
  },
  {
    id: "rollout",
    header: "Updated",
    width: 76,
    align: "end",
    value: (row) => row.rollout && `${row.rollout.updated}/${row.rollout.desired}`,
    sortValue: (row) => row.rollout && row.rollout.updated / Math.max(1, row.rollout.desired),
  },
  {
    id: "policies",
    header: "Policies",
    width: 170,
    value: (row) => policyNames(row),
    render: (row) => <PolicyChips row={row} />,
  },
  { id: "id", header: "Id", width: 220, hidden: true, mono: true, value: (row) => row.id },
  { id: "error", header: "Sync error", width: 220, hidden: true, value: (row) => row.syncError || undefined },
  { id: "refusal", header: "Not changeable", width: 220, hidden: true, value: (row) => row.refusal },
];

function PolicyChips({ row }: { row: WorkloadView }) {
  return (
    <span className={classes.badges}>
      {policyNames(row).map((name) => (
        <span key={name} className={classes.chip}>
          {name}
        </span>
      ))}
    </span>
  );
}
