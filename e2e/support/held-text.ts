import type { Page } from "@playwright/test";

interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; edge_fields: string[]; edge_types: [string[]] } };
  nodes: number[];
  edges: number[];
  strings: string[];
}

/** Where the engine finds the strings of the DOM, whether or not anything holds them. */
const tableOfAllExternalStrings = "(External strings)";

/**
 * All text that anything in the window holds, names included. Text that nothing leads to any more is left out: the engine takes
 * addresses that are left on its stack for references, and does not collect it at once.
 */
export async function heldText(page: Page): Promise<string> {
  const { snapshot, nodes, edges, strings } = await takeSnapshot(page);
  const { node_fields: nodeFields, edge_fields: edgeFields, edge_types } = snapshot.meta;
  const [nodeSize, edgeSize] = [nodeFields.length, edgeFields.length];
  const weak = edge_types[0].indexOf("weak");
  const field = (fields: string[], name: string) => fields.indexOf(name);
  const [type, target] = [field(edgeFields, "type"), field(edgeFields, "to_node")];
  const [nameField, countField] = [field(nodeFields, "name"), field(nodeFields, "edge_count")];
  const nameOf = (node: number): string => strings[nodes[node + nameField] ?? 0] ?? "";

  const firstEdge = new Map<number, number>();
  for (let node = 0, edge = 0; node < nodes.length; node += nodeSize) {
    firstEdge.set(node, edge);
    edge += (nodes[node + countField] ?? 0) * edgeSize;
  }
  const held = new Set([0]);
  for (const node of held) {
    if (nameOf(node) === tableOfAllExternalStrings) continue;
    const from = firstEdge.get(node) ?? 0;
    const to = from + (nodes[node + countField] ?? 0) * edgeSize;
    for (let edge = from; edge < to; edge += edgeSize)
      if (edges[edge + type] !== weak) held.add(edges[edge + target] ?? 0);
  }
  return [...held].map(nameOf).join("\n");
}

async function takeSnapshot(page: Page): Promise<HeapSnapshot> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return JSON.parse(chunks.join("")) as HeapSnapshot;
}
