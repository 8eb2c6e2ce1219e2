import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { compileTableFilter, filterFieldsOf } from "../../ui/data-table/table-filter.ts";
import { flowEdges, flowNodes, focusBoxes, keepNodes } from "./flow-elements.ts";
import { boxesOf, layoutRequest } from "./layout.ts";
import { topologyColumns } from "./topology-columns.tsx";
import { defaultLimits, graphOf } from "./topology-graph.ts";
import { type LatticeRows, topologyItems } from "./topology-items.ts";
import { nearestTo } from "./use-flow-view.ts";
import { keepItems } from "./use-topology-items.ts";

const host = (id: string, more: Partial<HostRow> = {}): HostRow => ({
  id,
  friendlyName: `host-${id}`,
  version: "1.9.2",
  labels: { zone: "eu-1" },
  status: "live",
  statusSince: "2026-11-23T08:00:00.000Z",
  heartbeatSeconds: 30,
  componentCount: 2,
  instanceCount: 2,
  providerCount: 1,
  ...more,
});
const workload = (hostId: string, id: string) => ({
  hostId,
  hostName: `host-${hostId}`,
  id,
  annotations: {},
  revision: 0,
  managedByWadm: false,
});
const component = (hostId: string, id: string): ComponentRow => ({
  ...workload(hostId, id),
  imageReference: `x/${id}:1`,
  maxInstances: 3,
});
const provider = (hostId: string, id: string, health: ProviderRow["health"] = "healthy"): ProviderRow => ({
  ...workload(hostId, id),
  health,
});
const link = (sourceId: string, target: string): LinkRow => ({
  sourceId,
  target,
  name: "default",
  witNamespace: "wasi",
  witPackage: "http",
  interfaces: ["incoming-handler"],
  sourceConfig: [],
  targetConfig: [],
});
const rows: LatticeRows = {
  hosts: [host("B", { status: "lost" }), host("A"), host("C", { status: "stopped" })],
  components: [component("A", "cart"), component("B", "cart"), component("C", "ghost")],
  providers: [provider("A", "http", "unhealthy")],
  links: [link("http", "cart"), link("cart", "ledger")],
  complete: true,
};
/** The graph of everything. */
const graphOfAll = (some: LatticeRows, limits = defaultLimits) => {
  const items = topologyItems(some);
  return graphOf(items, items, limits);
};
const problemsOf = (some: LatticeRows) =>
  topologyItems(some).flatMap(({ key, problem }) => (problem ? [`${key} ${problem.text}`] : []));

describe("what the topology shows", () => {
  it("names lost hosts, unhealthy providers and ends that run nowhere, and nothing of hosts that stopped", () => {
    expect(problemsOf(rows)).toEqual([
      "host/B lost: no heartbeat",
      "provider/A/http unhealthy",
      "missing/ledger runs nowhere",
    ]);
    expect(topologyItems(rows).some(({ id }) => id === "ghost" || id === "C")).toBe(false);
  });

  it("does not call an end missing while not every host has been read", () => {
    expect(problemsOf({ ...rows, complete: false }).at(-1)).toMatch(/not seen/);
  });

  it("draws each way that a link may take", () => {
    const { links, level } = graphOfAll(rows);
    expect(level).toBe("workloads");
    expect(links.map(({ from, to, broken }) => [from, to, broken])).toEqual([
      ["component/A/cart", "missing/ledger", true],
      ["component/B/cart", "missing/ledger", true],
      ["provider/A/http", "component/A/cart", false],
      ["provider/A/http", "component/B/cart", false],
    ]);
  });

  it("keeps what fits the filter, with its hosts and the missing ends that it is linked to", () => {
    const filter = compileTableFilter("kind:component host:host-B", filterFieldsOf(topologyColumns));
    const items = topologyItems(rows);
    const graph = graphOf(items, items.filter(filter.test));
    expect(graph.hosts.map(({ host: { name }, workloads }) => [name, workloads.length])).toEqual([
      ["host-B", 1],
    ]);
    expect(graph.missing.map(({ id }) => id)).toEqual(["ledger"]);
    expect(graph.links).toHaveLength(1);
  });

  it("counts where there are too many workloads, and gives up where there are too many hosts", () => {
    const counted = graphOfAll(rows, { ...defaultLimits, workloads: 2 });
    expect(counted).toMatchObject({ level: "hosts", links: [], missing: [], workloadCount: 3 });
    expect(counted.hosts.map(({ host: { name }, problems }) => [name, problems])).toEqual([
      ["host-A", 1],
      ["host-B", 0],
    ]);
    expect(graphOfAll(rows, { ...defaultLimits, hosts: 1 }).level).toBe("too-many");
    expect(graphOfAll(rows, { ...defaultLimits, links: 1 })).toMatchObject({ hiddenLinks: 3 });
  });
});

describe("what did not change", () => {
  const again = (some: LatticeRows) => topologyItems(JSON.parse(JSON.stringify(some)) as LatticeRows);

  it("stays the same object, and the whole too when nothing did", () => {
    const unlinked = { ...rows, links: [] };
    const before = topologyItems(unlinked);
    expect(keepItems(before, again(unlinked))).toBe(before);
    const providers = [provider("A", "http", "healthy")];
    const after = keepItems(before, again({ ...unlinked, providers }));
    const changed = after.filter((item, place) => item !== before[place]);
    expect(changed.map(({ key }) => key)).toEqual(["provider/A/http"]);
    expect(keepItems(before, again({ ...rows, hosts: [] })).map(({ kind }) => kind)).toEqual([
      "missing",
      "missing",
      "missing",
    ]);
  });

  it("stays the same node of the graph", () => {
    const layout = boxesOf({ children: [{ id: "host/A" }, { id: "host/B" }] });
    const items = topologyItems(rows);
    const before = flowNodes(graphOf(items, items), layout);
    const later = keepItems(
      items,
      topologyItems({ ...rows, hosts: [host("A", { status: "lost" }), host("B")] }),
    );
    const after = keepNodes(before, flowNodes(graphOf(later, later), layout));
    expect(after.map((node, place) => node === before[place])).toEqual([false, false]);
    expect(keepNodes(before, flowNodes(graphOf(items, items), layout))).toEqual(before);
    expect(keepNodes(before, flowNodes(graphOf(items, items), layout))[0]).toBe(before[0]);
  });
});

describe("the layout", () => {
  it("is asked for again only when something comes or goes, not when numbers, health or order change", () => {
    const request = (some: LatticeRows) => JSON.stringify(layoutRequest(graphOfAll(some)));
    const other: LatticeRows = {
      ...rows,
      hosts: [...rows.hosts].reverse().map((row) => ({ ...row, componentCount: 99 })),
      components: [...rows.components].reverse().map((row) => ({ ...row, maxInstances: 80 })),
      providers: [provider("A", "http", "healthy")],
      links: [...rows.links].reverse(),
    };
    expect(request(other)).toBe(request(rows));
    expect(request({ ...rows, components: [component("A", "cart")] })).not.toBe(request(rows));
  });

  it("places what it was given, and leaves out what came since until it is laid out again", () => {
    const graph = graphOfAll(rows);
    const layout = boxesOf({
      children: [
        {
          id: "host/A",
          x: 10,
          y: 20,
          width: 300,
          height: 100,
          children: [{ id: "component/A/cart", x: 5, y: 40 }],
        },
      ],
    });
    const nodes = flowNodes(graph, layout);
    expect(nodes.map(({ id }) => id)).toEqual(["host/A", "component/A/cart"]);
    expect(focusBoxes(nodes, layout).get("component/A/cart")).toMatchObject({ x: 15, y: 60 });
  });

  it("lights the links of what is looked at, and writes the interface of each once", () => {
    const graph = graphOfAll(rows);
    const edges = flowEdges(graph, new Map(), "provider/A/http");
    expect(edges.map(({ data }) => [data?.lit, data?.labelled, data?.dimmed])).toEqual([
      [false, false, true],
      [false, false, true],
      [true, true, false],
      [true, false, false],
    ]);
  });
});

describe("the arrows", () => {
  const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 });

  it("go to the nearest in their direction, and nowhere at the edge", () => {
    const boxes = new Map([
      ["here", box(0, 0)],
      ["right", box(20, 2)],
      ["far", box(60, 0)],
      ["below", box(1, 30)],
    ]);
    expect(nearestTo(boxes, "here", "ArrowRight")).toBe("right");
    expect(nearestTo(boxes, "right", "ArrowRight")).toBe("far");
    expect(nearestTo(boxes, "here", "ArrowDown")).toBe("below");
    expect(nearestTo(boxes, "here", "ArrowLeft")).toBeUndefined();
  });

  it("never stay where they are, and come only to what is there", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));
    const direction = fc.constantFrom("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown" as const);
    fc.assert(
      fc.property(fc.array(place, { minLength: 1 }), direction, (places, key) => {
        const boxes = new Map(places.map(([x, y], index) => [String(index), box(x, y)]));
        const next = nearestTo(boxes, "0", key as "ArrowLeft");
        if (next !== undefined) expect(boxes.has(next) && next !== "0").toBe(true);
      }),
    );
  });
});
