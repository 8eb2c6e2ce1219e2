import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Graph } from "./topology-graph.ts";

/** Where something stands and how large it is, in the graph's own pixels; inside a frame, from the frame's corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Layout = ReadonlyMap<string, Box>;

/** The frame that holds the ends that run nowhere. */
export const missingFrame = "missing";

const workload = { width: 176, height: 30 };
const hostCard = { width: 200, height: 66 };

const inFrame = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.padding": "[top=38,left=12,bottom=12,right=12]",
  "elk.spacing.nodeNode": "8",
  "elk.spacing.componentComponent": "8",
  "elk.layered.spacing.nodeNodeBetweenLayers": "36",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.aspectRatio": "0.9",
};
const ofFrames = {
  "elk.algorithm": "rectpacking",
  "elk.aspectRatio": "1.7",
  "elk.spacing.nodeNode": "28",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};

/** Cards are all of one size, and there may be a thousand: a plain grid takes a tenth of the time. */
const ofCards = { ...ofFrames, "elk.algorithm": "box", "elk.spacing.nodeNode": "12" };

/** The graph as the layout engine takes it: two graphs with the same text have the same layout. */
export function layoutRequest(graph: Graph): ElkNode {
  if (graph.level === "hosts")
    return {
      id: "lattice",
      layoutOptions: ofCards,
      children: graph.hosts.map(({ host }) => ({ id: host.key, ...hostCard })),
    };
  const frames = graph.hosts.map(({ host, workloads }) => frame(host.key, keysOf(workloads), graph));
  const missing = keysOf(graph.missing);
  return {
    id: "lattice",
    layoutOptions: ofFrames,
    children: missing.length > 0 ? [...frames, frame(missingFrame, missing, graph)] : frames,
  };
}

/** Only links inside a frame order what is in it; those between hosts would pull the frames about. */
function frame(id: string, keys: readonly string[], graph: Graph): ElkNode {
  const inside = new Set(keys);
  const edges = graph.links
    .filter(({ from, to }) => from !== to && inside.has(from) && inside.has(to))
    .map(({ key, from, to }): ElkExtendedEdge => ({ id: key, sources: [from], targets: [to] }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    id,
    // An empty one keeps the size of its heading.
    ...(keys.length === 0 ? { width: 240, height: 48 } : {}),
    layoutOptions: inFrame,
    children: keys.map((key) => ({ id: key, ...workload })),
    edges,
  };
}

function keysOf(items: readonly { key: string }[]): string[] {
  return items.map(({ key }) => key);
}

/** The boxes of an answered layout by key. */
export function boxesOf(answer: Pick<ElkNode, "children">): Layout {
  const boxes = new Map<string, Box>();
  const take = (nodes: readonly ElkNode[] | undefined): void => {
    for (const { id, x = 0, y = 0, width = 0, height = 0, children } of nodes ?? []) {
      boxes.set(id, { x, y, width, height });
      take(children);
    }
  };
  take(answer.children);
  return boxes;
}
