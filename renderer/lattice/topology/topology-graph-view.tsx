import { Button } from "@mantine/core";
import { useDeferredValue, useMemo, useRef } from "react";
import type { FailureData } from "../../../shared/contract/index.ts";
import { compileTableFilter, filterFieldsOf } from "../../ui/data-table/table-filter.ts";
import type { EmptyText, TablePhase } from "../../ui/data-table/table-states.tsx";
import { useTableAddress } from "../../ui/data-table/use-table-address.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { FailureNotice } from "../../ui/failure-notice.tsx";
import { FilterField } from "../../ui/filter-field.tsx";
import { formatCount, formatQuantity } from "../../ui/format.ts";
import { LoadingSkeleton } from "../../ui/loading-skeleton.tsx";
import { useNotRead } from "../../ui/not-read.tsx";
import { StateGlyph } from "../../ui/state-glyph.tsx";
import classes from "./topology.module.css";
import { topologyColumns } from "./topology-columns.tsx";
import { type FlowHandle, TopologyFlow } from "./topology-flow.tsx";
import { type Graph, graphOf } from "./topology-graph.ts";
import type { TopologyItem } from "./topology-items.ts";
import { useLayout } from "./use-layout.ts";

interface GraphProblemsProps {
  items: readonly TopologyItem[];
  /** Shows an item in the graph. */
  onShow: (key: string) => void;
}

const most = 8;

/** What needs a look, in words; each leads to its place in the graph. */
function GraphProblems({ items, onShow }: GraphProblemsProps) {
  const found = useMemo(() => items.filter(({ problem }) => problem), [items]);
  if (found.length === 0) return null;
  const bad = found.filter(({ problem }) => problem?.tone === "bad");
  const ordered = [...bad, ...found.filter(({ problem }) => problem?.tone !== "bad")];
  return (
    <ul className={classes.problems} aria-label="Problems">
      {ordered.slice(0, most).map((item) => (
        <li key={item.key}>
          <button type="button" className={classes.problem} onClick={() => onShow(item.key)}>
            {item.problem && <StateGlyph shape={item.problem.shape} tone={item.problem.tone} />}
            <span>{problemText(item)}</span>
          </button>
        </li>
      ))}
      {ordered.length > most && <li>and {formatCount(ordered.length - most)} more, in the list</li>}
    </ul>
  );
}

function problemText({ kind, name, hostName, problem, in: into, out }: TopologyItem): string {
  const what = `${name} ${problem?.text ?? ""}`;
  if (kind === "component" || kind === "provider") return `${what} on ${hostName}`;
  if (kind !== "missing") return what;
  const ends = [
    ...into.map(({ sourceId }) => `linked from ${sourceId}`),
    ...out.map(({ target }) => `linked to ${target}`),
  ];
  return `${what}: ${[...new Set(ends)].join(", ")}`;
}

interface TopologyGraphProps {
  items: readonly TopologyItem[];
  phase: TablePhase;
  failure: FailureData | undefined;
  empty: EmptyText;
  onOpen: (item: TopologyItem) => void;
  onList: () => void;
}

const fields = filterFieldsOf(topologyColumns);
const known = new Set(topologyColumns.map(({ id }) => id));

/** The filter, what needs a look, and the graph or what stands in its place. */
export function TopologyGraph(props: TopologyGraphProps) {
  const { items, phase } = props;
  const address = useTableAddress("topology", known);
  const text = useDeferredValue(address.filter);
  const filter = useMemo(() => compileTableFilter(text, fields), [text]);
  const fitting = useMemo(() => items.filter(filter.test), [items, filter]);
  const graph = useMemo(() => graphOf(items, fitting), [items, fitting]);
  const { layout, pending, failed } = useLayout(graph);
  const flow = useRef<FlowHandle>(null);
  const notRead = useNotRead();
  const nothing = graph.hosts.length === 0 && graph.missing.length === 0;
  return (
    <div className={classes.view}>
      <div className={classes.toolbar}>
        <FilterField
          what="topology"
          value={address.filter}
          onChange={address.setFilter}
          problems={filter.problems}
          fields={Object.keys(fields.fields)}
          onLeave={() => flow.current?.enter()}
        />
        <span role="status" className={classes.counts}>
          {notRead === undefined && countsText(graph)}
        </span>
      </div>
      <GraphProblems items={fitting} onShow={(key) => flow.current?.focus(key)} />
      {graph.level === "too-many" || failed || nothing || !layout ? (
        <InsteadOfGraph
          {...props}
          graph={graph}
          failed={failed}
          nothing={nothing}
          onClearFilter={() => address.setFilter("")}
        />
      ) : (
        <TopologyFlow
          key={graph.level}
          ref={flow}
          graph={graph}
          layout={layout}
          stale={phase === "stale"}
          busy={pending}
          onOpen={props.onOpen}
        />
      )}
    </div>
  );
}

function countsText({ level, hosts, workloadCount, linkCount, hiddenLinks }: Graph): string {
  const workloads = formatQuantity(workloadCount, "workload");
  if (level === "too-many") return `${workloads} fit`;
  const counts = `${formatQuantity(hosts.length, "host")} · ${workloads}`;
  if (level === "hosts")
    return `${counts}, too many to draw one by one: hosts with counts are shown. Narrow the filter for what runs there and its links.`;
  const left = hiddenLinks > 0 ? `, ${formatCount(hiddenLinks)} of their ways left out` : "";
  return `${counts} · ${formatQuantity(linkCount, "link")}${left}`;
}

interface InsteadProps extends TopologyGraphProps {
  graph: Graph;
  failed: boolean;
  nothing: boolean;
  onClearFilter: () => void;
}

function InsteadOfGraph(props: InsteadProps) {
  const { graph, failed, nothing, phase, failure, items, empty } = props;
  const notRead = useNotRead();
  const asList = (
    <Button variant="default" onClick={props.onList}>
      Show the list
    </Button>
  );
  if (items.length === 0 && notRead) return <EmptyState {...notRead} />;
  if (phase === "failed" && failure)
    return <FailureNotice what="The lattice could not be read" failure={failure} />;
  if (failed)
    return (
      <EmptyState
        title="The graph could not be laid out"
        text="The part of the console that does it did not start. The list says the same in words."
        action={asList}
      />
    );
  if (graph.level === "too-many")
    return (
      <EmptyState
        title="Too many hosts for a picture"
        text="Narrow the filter, for instance to the hosts with one label or to what needs a look. The list holds everything."
        action={asList}
      />
    );
  if (items.length === 0)
    return phase === "loading" ? <LoadingSkeleton rows={8} /> : <EmptyState {...empty} />;
  if (!nothing) return <LoadingSkeleton rows={8} />;
  return (
    <EmptyState
      title="Nothing matches the filter"
      action={
        <Button variant="default" onClick={props.onClearFilter}>
          Clear the filter
        </Button>
      }
    />
  );
}
