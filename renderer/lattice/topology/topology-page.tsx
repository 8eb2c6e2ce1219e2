import { SegmentedControl } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { pathTo } from "../../state/paths.ts";
import { useSelection } from "../../state/selection.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { formatQuantity } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { LatticeNotices } from "../lattice-notices.tsx";
import { topologyColumns } from "./topology-columns.tsx";
import { TopologyGraph } from "./topology-graph-view.tsx";
import type { TopologyItem } from "./topology-items.ts";
import { useTopologyItems } from "./use-topology-items.ts";

const keyOf = (item: TopologyItem) => item.key;
const empty = {
  title: "Nothing is known of this lattice yet",
  text: "Hosts, what runs on them and how it is linked appear here as soon as a host reports.",
};

/** What runs where and how it is linked: as a graph, or as a list that says the same. */
export function TopologyPage() {
  const { connectionId, lattice } = useSelection();
  const { items, phase, failure } = useTopologyItems();
  const [view, setView] = useView();
  const open = useOpen();
  const other = view === "graph" ? "list" : "graph";
  useShortcuts([
    {
      id: "topology-view",
      label: `Show the topology as a ${other}`,
      group: "Topology",
      keys: "v",
      run: () => setView(other),
    },
  ]);
  const problems = useMemo(() => items.filter(({ problem }) => problem).length, [items]);
  return (
    <Page
      title="Topology"
      counts={problems === 0 ? "no problem seen" : formatQuantity(problems, "problem")}
      notices={<LatticeNotices />}
      actions={
        <SegmentedControl
          aria-label="Shown as"
          data={[
            { label: "Graph", value: "graph" },
            { label: "List", value: "list" },
          ]}
          value={view}
          onChange={(value) => setView(value as View)}
        />
      }
    >
      {view === "list" ? (
        <DataTable
          key={`${connectionId}/${lattice}`}
          id="topology"
          rows={items}
          rowKey={keyOf}
          columns={topologyColumns}
          initialSort={{ column: "problem", descending: false }}
          phase={phase}
          failure={failure}
          empty={empty}
          onOpen={open}
        />
      ) : (
        <TopologyGraph
          key={`${connectionId}/${lattice}`}
          items={items}
          phase={phase}
          failure={failure}
          empty={empty}
          onOpen={open}
          onList={() => setView("list")}
        />
      )}
    </Page>
  );
}

type View = "graph" | "list";

function useView() {
  const [parameters, setParameters] = useSearchParams();
  const set = (view: View) =>
    setParameters((now) => {
      const next = new URLSearchParams(now);
      if (view === "list") next.set("as", "list");
      else next.delete("as");
      return next;
    });
  return [parameters.get("as") === "list" ? "list" : "graph", set] as const;
}

/** Opens the drawer of an item on its own page; an end that runs nowhere is found among the links. */
function useOpen(): (item: TopologyItem) => void {
  const navigate = useNavigate();
  const { connectionId, lattice } = useSelection();
  return useCallback(
    ({ kind, id, hostId }) => {
      const selection = { connectionId, lattice };
      if (kind === "missing") {
        void navigate(`${pathTo("links", selection)}?links.filter=${encodeURIComponent(id)}`);
        return;
      }
      const page = kind === "host" ? "hosts" : kind === "component" ? "components" : "providers";
      const key = kind === "host" ? id : `${hostId}/${id}`;
      void navigate(`${pathTo(page, selection)}?open=${encodeURIComponent(key)}`);
    },
    [navigate, connectionId, lattice],
  );
}
