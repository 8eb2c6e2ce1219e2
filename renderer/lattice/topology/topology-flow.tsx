import "@xyflow/react/dist/base.css";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  type EdgeTypes,
  getBezierPath,
  type NodeTypes,
  ReactFlow,
} from "@xyflow/react";
import {
  type KeyboardEvent,
  memo,
  type Ref,
  useCallback,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useShortcuts } from "../../ui/shortcuts.ts";
import {
  type FlowNode,
  flowEdges,
  flowNodes,
  focusBoxes,
  keepNodes,
  type LinkEdge,
} from "./flow-elements.ts";
import { HostCard, HostFrame, Workload } from "./flow-nodes.tsx";
import { FocusProvider } from "./focus-context.ts";
import type { Layout } from "./layout.ts";
import classes from "./topology.module.css";
import type { Graph } from "./topology-graph.ts";
import type { TopologyItem } from "./topology-items.ts";
import { isDirection, nearestTo, useFlowView } from "./use-flow-view.ts";

/** A link as a thin curve; its interface is shown while it, or one of its ends, is looked at. */
const LinkCurve = memo(function LinkCurve(props: EdgeProps<LinkEdge>) {
  const { data } = props;
  const [path, labelX, labelY] = getBezierPath(props);
  const state = data?.lit ? "lit" : data?.dimmed ? "dimmed" : undefined;
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={12}
        className={classes.link ?? ""}
        {...{ "data-state": state, "data-broken": data?.broken ? true : undefined }}
      />
      {data?.labelled && (
        <EdgeLabelRenderer>
          <span
            className={classes.linkText}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {data.text}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

interface TopologyFlowProps {
  ref?: Ref<FlowHandle>;
  graph: Graph;
  layout: Layout;
  /** What is shown is not the present state. */
  stale: boolean;
  /** Things do not stand yet where they will. */
  busy: boolean;
  onOpen: (item: TopologyItem) => void;
}

export interface FlowHandle {
  /** Gives an item the focus and brings it into sight. */
  focus: (key: string) => void;
  /** Gives the focus to the item that has it among the graph's own. */
  enter: () => void;
}

const nodeTypes: NodeTypes = { frame: HostFrame, card: HostCard, workload: Workload };
const edgeTypes: EdgeTypes = { link: LinkCurve };

/** The graph itself: pointer and arrows move in it, Enter opens what has the focus. */
export const TopologyFlow = memo(function TopologyFlow(props: TopologyFlowProps) {
  const { ref, graph, layout, stale, busy, onOpen } = props;
  const area = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const [within, setWithin] = useState(false);
  const nodes = useNodes(graph, layout);
  const boxes = useMemo(() => focusBoxes(nodes, layout), [nodes, layout]);
  const view = useFlowView(area, nodes.length);
  const focusedKey = focused && boxes.has(focused) ? focused : boxes.keys().next().value;
  const lookedAt = pointed ?? (within ? focusedKey : undefined);
  const edges = useMemo(() => flowEdges(graph, boxes, lookedAt), [graph, boxes, lookedAt]);
  // The same between renderings: each node would be drawn anew with another one.
  const point = useCallback((_event: unknown, { id }: { id: string }) => setPointed(id), []);
  const leave = useCallback(() => setPointed(undefined), []);

  const focus = (key: string) => {
    const box = boxes.get(key);
    if (box) view.show(box);
    setFocused(key);
    const buttons = area.current?.querySelectorAll<HTMLElement>("[data-item]") ?? [];
    [...buttons].find(({ dataset }) => dataset.item === key)?.focus({ preventScroll: true });
  };
  useImperativeHandle(ref, () => ({
    focus,
    enter: () => {
      if (focusedKey !== undefined) focus(focusedKey);
    },
  }));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isDirection(event.key) || focusedKey === undefined) return;
    event.preventDefault();
    const next = nearestTo(boxes, focusedKey, event.key);
    if (next) focus(next);
  };
  const context = useMemo(() => ({ focusedKey, onFocus: setFocused, onOpen }), [focusedKey, onOpen]);
  return (
    <FocusProvider value={context}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of fields */}
      <div
        ref={area}
        role="group"
        aria-label="Topology graph: arrows move, Enter opens"
        className={classes.flow}
        aria-busy={busy}
        data-stale={stale || undefined}
        onKeyDown={onKeyDown}
        onFocus={() => setWithin(true)}
        onBlur={() => setWithin(false)}
      >
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          {...view.flowProps}
          {...fixed}
          onNodeMouseEnter={point}
          onNodeMouseLeave={leave}
          onEdgeMouseEnter={point}
          onEdgeMouseLeave={leave}
        />
        <ZoomBar onFit={view.fit} onIn={view.zoomIn} onOut={view.zoomOut} />
      </div>
    </FocusProvider>
  );
});

/** A picture to look at: nothing is moved about, and its own buttons have the focus. */
const fixed = {
  zIndexMode: "manual",
  minZoom: 0.05,
  maxZoom: 2,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
} as const;

function useNodes(graph: Graph, layout: Layout): FlowNode[] {
  const last = useRef<FlowNode[]>([]);
  return useMemo(() => {
    last.current = keepNodes(last.current, flowNodes(graph, layout));
    return last.current;
  }, [graph, layout]);
}

interface ZoomBarProps {
  onFit: () => void;
  onIn: () => void;
  onOut: () => void;
}

/** Nearer, farther, everything. */
function ZoomBar({ onFit, onIn, onOut }: ZoomBarProps) {
  const group = "Topology";
  const actions = [
    { id: "graph-in", label: "Zoom in", keys: "+", run: onIn, Icon: IconPlus },
    { id: "graph-out", label: "Zoom out", keys: "-", run: onOut, Icon: IconMinus },
    { id: "graph-fit", label: "Fit the graph", keys: "0", run: onFit, Icon: IconMaximize },
  ];
  useShortcuts(actions.map(({ id, label, keys, run }) => ({ id, label, keys, run, group })));
  return (
    <div className={classes.zoom}>
      {actions.map(({ id, label, keys, run, Icon }) => (
        <Tooltip key={id} label={`${label} (${keys})`} position="left">
          <ActionIcon variant="default" size={28} aria-label={label} onClick={run}>
            <Icon size={15} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
