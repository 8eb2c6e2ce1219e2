import type { DataColumn } from "../../ui/data-table/column.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { linkText, type TopologyItem } from "./topology-items.ts";

const problemRank = (item: TopologyItem) => (item.problem ? (item.problem.tone === "bad" ? 0 : 1) : 2);

/** The columns of the list that says the same as the graph; their ids are the names in the filter of both. */
export const topologyColumns: readonly DataColumn<TopologyItem>[] = [
  { id: "id", header: "Name", width: 200, value: (item) => item.name },
  { id: "kind", header: "Kind", width: 96, value: (item) => item.kind },
  { id: "host", header: "Host", width: 180, value: (item) => item.hostName },
  {
    id: "problem",
    header: "Problem",
    width: 190,
    value: (item) => item.problem?.text,
    sortValue: problemRank,
    render: ({ problem }) =>
      problem && <StatusBadge state={{ tone: problem.tone, shape: problem.shape, word: problem.text }} />,
  },
  {
    id: "to",
    header: "Linked to",
    width: 280,
    value: (item) => item.out.map((link) => `${link.target} ${linkText(link)}`),
  },
  {
    id: "from",
    header: "Linked from",
    width: 280,
    value: (item) => item.in.map((link) => `${link.sourceId} ${linkText(link)}`),
  },
  { id: "image", header: "Image", width: 240, mono: true, hidden: true, value: (item) => item.image },
  { id: "labels", header: "Labels of the host", width: 220, hidden: true, value: (item) => item.labels },
];
