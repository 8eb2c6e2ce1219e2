import type { Edge, Node } from "@xyflow/react";
import { type Box, type Layout, missingFrame } from "./layout.ts";
import type { Graph, GraphHost, GraphLink } from "./topology-graph.ts";
import type { TopologyItem } from "./topology-items.ts";

export type FrameNode = Node<{ item: TopologyItem | undefined }, "frame">;
export type CardNode = Node<{ item: TopologyItem; problems: number }, "card">;
export type WorkloadNode = Node<{ item: TopologyItem }, "workload">;
export type FlowNode = FrameNode | CardNode | WorkloadNode;
export type LinkEdge = Edge<
  { text: string; broken: boolean; lit: boolean; labelled: boolean; dimmed: boolean },
  "link"
>;

/** The nodes of a graph where they stand; those that have no place yet wait for the next layout. */
export function flowNodes(graph: Graph, layout: Layout): FlowNode[] {
  if (graph.level === "hosts") return graph.hosts.flatMap((host) => cardNode(host, layout));
  const frames = graph.hosts.flatMap((host) => [
    ...placed(layout, host.host.key, (box): FrameNode => frameNode(host.host.key, box, host.host)),
    ...host.workloads.flatMap((item) => workloadNode(item, host.host.key, layout)),
  ]);
  const missing = graph.missing.flatMap((item) => workloadNode(item, missingFrame, layout));
  if (missing.length === 0) return frames;
  const frame = placed(layout, missingFrame, (box): FrameNode => frameNode(missingFrame, box, undefined));
  return [...frames, ...frame, ...missing];
}

/** Nodes that are as they were stay the same objects, and so does the whole: the graph library passes them over. */
export function keepNodes(before: FlowNode[], now: readonly FlowNode[]): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const kept = now.map((node) => {
    const old = known.get(node.id);
    return old && isSame(old, node) ? old : node;
  });
  const same = before.length === kept.length && kept.every((node, place) => node === before[place]);
  return same ? before : kept;
}

function isSame(a: FlowNode, b: FlowNode): boolean {
  return (
    a.type === b.type &&
    a.parentId === b.parentId &&
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.data.item === b.data.item &&
    ("problems" in a.data ? a.data.problems : 0) === ("problems" in b.data ? b.data.problems : 0)
  );
}

/**
 * The links of a graph; those of the item that is looked at stand out, and the others stand back. The same interface
 * is written only once, however many ways it has.
 */
export function flowEdges(
  graph: Graph,
  boxes: ReadonlyMap<string, Box>,
  lookedAt: string | undefined,
): LinkEdge[] {
  const concerned = ({ from, to, key }: GraphLink) =>
    lookedAt === from || lookedAt === to || lookedAt === key;
  const any = graph.links.some(concerned);
  const written = new Set<string>();
  return graph.links.map((link) => {
    const lit = concerned(link);
    const what = `${link.text} ${lookedAt === link.to ? "in" : "out"}`;
    const labelled = lit && !written.has(what);
    if (labelled) written.add(what);
    return {
      id: link.key,
      type: "link",
      source: link.from,
      target: link.to,
      ...sides(boxes.get(link.from), boxes.get(link.to)),
      data: { text: link.text, broken: link.broken, lit, labelled, dimmed: any && !lit },
      zIndex: lit ? 4 : 1,
    };
  });
}

/** A curve leaves and arrives where the other end is, and runs aside of two that stand above each other. */
function sides(from: Box | undefined, to: Box | undefined) {
  if (!from || !to) return {};
  const ahead = to.x >= from.x + from.width;
  const behind = to.x + to.width <= from.x;
  return {
    sourceHandle: behind ? "source-left" : "source-right",
    targetHandle: ahead ? "target-left" : "target-right",
  };
}

/** The boxes of everything that can have the focus, from the graph's own corner. */
export function focusBoxes(nodes: readonly FlowNode[], layout: Layout): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const { id, parentId, type } of nodes) {
    const box = layout.get(id);
    if (!box || id === missingFrame) continue;
    const corner = parentId ? layout.get(parentId) : undefined;
    // A frame is met at its heading.
    const height = type === "frame" ? frameHeading : box.height;
    boxes.set(id, { ...box, height, x: box.x + (corner?.x ?? 0), y: box.y + (corner?.y ?? 0) });
  }
  return boxes;
}

const frameHeading = 36;

function frameNode(id: string, box: Box, item: TopologyItem | undefined): FrameNode {
  return {
    id,
    type: "frame",
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    zIndex: 0,
    data: { item },
  };
}

function cardNode({ host, problems }: GraphHost, layout: Layout): CardNode[] {
  return placed(layout, host.key, ({ x, y, width, height }) => ({
    id: host.key,
    type: "card",
    position: { x, y },
    width,
    height,
    data: { item: host, problems },
  }));
}

function workloadNode(item: TopologyItem, parentId: string, layout: Layout): WorkloadNode[] {
  if (!layout.has(parentId)) return [];
  return placed(layout, item.key, ({ x, y, width, height }) => ({
    id: item.key,
    type: "workload",
    parentId,
    position: { x, y },
    width,
    height,
    zIndex: 3,
    data: { item },
  }));
}

function placed<T>(layout: Layout, key: string, make: (box: Box) => T): T[] {
  const box = layout.get(key);
  return box ? [make(box)] : [];
}
