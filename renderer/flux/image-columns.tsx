import { imageTag } from "../../shared/flux/image-reference.ts";
import { TimeCell } from "../ui/data-table/cells.tsx";
import type { DataColumn } from "../ui/data-table/column.ts";
import { shortImage } from "./flux-words.ts";
import type { ImagesView } from "./use-daemon-lists.ts";

/** The columns of the images page; their ids are the names in the filter. */
export const imageColumns: readonly DataColumn<ImagesView>[] = [
  {
    id: "workload",
    header: "Workload",
    width: 200,
    value: (row) => row.workloadId,
    render: (row) => <strong title={row.workloadId}>{row.workloadId}</strong>,
  },
  { id: "container", header: "Container", width: 90, value: (row) => row.container },
  { id: "daemon", header: "Daemon", width: 100, value: (row) => row.daemonName },
  {
    id: "runs",
    header: "Runs",
    width: 170,
    mono: true,
    value: (row) => row.running,
    render: (row) => <span title={row.running}>{shortImage(row.running)}</span>,
  },
  {
    id: "newest",
    header: "Newest by filter",
    width: 120,
    mono: true,
    value: (row) => row.latestFiltered.reference || undefined,
    render: (row) => (
      <span title={row.latestFiltered.reference}>{imageTag(row.latestFiltered.reference)}</span>
    ),
  },
  {
    id: "newer",
    header: "Newer",
    width: 66,
    align: "end",
    value: (row) => row.counts.newFiltered,
    render: (row) => <Newer count={row.counts.newFiltered} />,
  },
  { id: "pattern", header: "Filter", width: 120, mono: true, value: (row) => row.pattern },
  { id: "tags", header: "Tags", width: 60, align: "end", value: (row) => row.counts.available },
  {
    id: "created",
    header: "Newest created",
    width: 110,
    align: "end",
    quiet: true,
    searched: false,
    value: (row) => row.latestFiltered.createdAt,
    render: (row) => row.latestFiltered.createdAt && <TimeCell at={row.latestFiltered.createdAt} />,
  },
];

function Newer({ count }: { count: number }) {
  return count === 0 ? <span style={{ color: "var(--text-faint)" }}>0</span> : <strong>{count}</strong>;
}
