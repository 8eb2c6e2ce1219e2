import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { linkText, type TopologyItem } from "./topology-items.ts";

/** A host with what is shown of what runs there. */
export interface GraphHost {
  host: TopologyItem;
  workloads: readonly TopologyItem[];
  /** Problems of what runs there, where only counts are shown. */
  problems: number;
}

/** A link between two items that are shown. */
export interface GraphLink {
  key: string;
  from: string;
  to: string;
  text: string;
  /** One of its ends runs nowhere. */
  broken: boolean;
}

/**
 * What is drawn: each workload in its host's frame, or, where those would be too many, hosts with counts; and nothing
 * where even the hosts are too many.
 */
export interface Graph {
  level: "workloads" | "hosts" | "too-many";
  hosts: readonly GraphHost[];
  missing: readonly TopologyItem[];
  links: readonly GraphLink[];
  /** How many different links they are; each has as many ways as its ends have places. */
  linkCount: number;
  /** Ways that would be drawn if there were fewer. */
  hiddenLinks: number;
  /** Workloads that fit the filter, drawn or only counted. */
  workloadCount: number;
}

/** Above these numbers a graph is no picture any more, and slow. */
interface GraphLimits {
  workloads: number;
  hosts: number;
  links: number;
}

export const defaultLimits: GraphLimits = { workloads: 320, hosts: 1_000, links: 900 };

/** The graph of the items that fit a filter, out of all; a host is shown with what fits on it, or by itself. */
export function graphOf(
  items: readonly TopologyItem[],
  fitting: readonly TopologyItem[],
  limits: GraphLimits = defaultLimits,
): Graph {
  const workloads = fitting.filter(({ kind }) => kind === "component" || kind === "provider");
  const hosts = hostsWith(items, fitting);
  const workloadCount = workloads.length;
  const few = workloadCount <= limits.workloads;
  if (hosts.length > limits.hosts) return { ...nothing, level: "too-many", workloadCount };
  if (!few) {
    const counted = hosts.map((one) => ({ ...one, workloads: [] }));
    return { ...nothing, level: "hosts", hosts: counted, workloadCount };
  }
  const missing = missingEnds(items, fitting);
  const { links, count, hidden } = linksBetween([...workloads, ...missing], limits.links);
  return { level: "workloads", hosts, missing, links, linkCount: count, hiddenLinks: hidden, workloadCount };
}

const nothing = { hosts: [], missing: [], links: [], linkCount: 0, hiddenLinks: 0 };

function hostsWith(items: readonly TopologyItem[], fitting: readonly TopologyItem[]): GraphHost[] {
  const workloads = new Map<string, TopologyItem[]>();
  for (const item of fitting) {
    if (item.hostId === undefined) continue;
    const list = workloads.get(item.hostId) ?? [];
    workloads.set(item.hostId, list);
    if (item.kind !== "host") list.push(item);
  }
  return items
    .filter(({ kind, id }) => kind === "host" && workloads.has(id))
    .map((host) => {
      const here = workloads.get(host.id) ?? [];
      return {
        host,
        workloads: here.sort(byName),
        problems: here.filter(({ problem }) => problem !== undefined).length,
      };
    })
    .sort((a, b) => byName(a.host, b.host));
}

/** Ends that run nowhere and fit by themselves, or are linked with something that fits. */
function missingEnds(items: readonly TopologyItem[], fitting: readonly TopologyItem[]): TopologyItem[] {
  const shown = new Set(fitting.map(({ id }) => id));
  return items.filter(
    (item) =>
      item.kind === "missing" &&
      (shown.has(item.id) ||
        item.in.some(({ sourceId }) => shown.has(sourceId)) ||
        item.out.some(({ target }) => shown.has(target))),
  );
}

/** A call goes to any host that runs the target, so each pair of ends is a way that it may take. */
function linksBetween(items: readonly TopologyItem[], most: number) {
  const places = placesOf(items);
  const links: GraphLink[] = [];
  const different = new Set<LinkRow>();
  let hidden = 0;
  for (const from of items) {
    for (const link of from.out) {
      for (const to of places.get(link.target) ?? []) {
        different.add(link);
        if (links.length >= most) hidden += 1;
        else links.push(linkOf(from, to, linkText(link)));
      }
    }
  }
  return { links, count: different.size, hidden };
}

function placesOf(items: readonly TopologyItem[]): Map<string, TopologyItem[]> {
  const places = new Map<string, TopologyItem[]>();
  for (const item of items) {
    const list = places.get(item.id);
    if (list) list.push(item);
    else places.set(item.id, [item]);
  }
  return places;
}

function linkOf(from: TopologyItem, to: TopologyItem, text: string): GraphLink {
  const broken = from.kind === "missing" || to.kind === "missing";
  return { key: `${from.key}>${to.key}>${text}`, from: from.key, to: to.key, text, broken };
}

function byName(a: TopologyItem, b: TopologyItem): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : 1;
}
