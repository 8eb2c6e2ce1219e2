import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import { workloadKey } from "../../../shared/lattice/topics.ts";
import { formatQuantity } from "../../ui/format.ts";
import type { GlyphShape, Tone } from "../../ui/state-look.ts";
import { maxText } from "../component-groups.ts";

/** What of a lattice the topology is made of. */
export interface LatticeRows {
  hosts: readonly HostRow[];
  components: readonly ComponentRow[];
  providers: readonly ProviderRow[];
  links: readonly LinkRow[];
  /** Every host has been read, so that what was not found is not there. */
  complete: boolean;
}

export type ItemKind = "host" | "component" | "provider" | "missing";

/** Something that needs a look. */
export interface ItemProblem {
  text: string;
  tone: Tone;
  shape: GlyphShape;
}

/** One host, one workload on a host, or one end of a link that runs nowhere. */
export interface TopologyItem {
  key: string;
  kind: ItemKind;
  /** The host's or the workload's id. */
  id: string;
  name: string;
  /** Absent for an end that runs nowhere. */
  hostId?: string;
  hostName: string;
  labels: Readonly<Record<string, string>>;
  image?: string;
  detail: string;
  problem?: ItemProblem;
  /** Links that begin here, and that end here. */
  out: readonly LinkRow[];
  in: readonly LinkRow[];
}

type Unlinked = Omit<TopologyItem, "in" | "out">;

const noLinks: readonly LinkRow[] = [];

/** Everything that the topology can show, hosts first; hosts that stopped in order are gone and left out. */
export function topologyItems(rows: LatticeRows): TopologyItem[] {
  const out = byEnd(rows.links, ({ sourceId }) => sourceId);
  const into = byEnd(rows.links, ({ target }) => target);
  const linked = (item: Unlinked): TopologyItem => ({
    ...item,
    out: out.get(item.id) ?? noLinks,
    in: into.get(item.id) ?? noLinks,
  });
  const hosts = new Map(rows.hosts.filter(({ status }) => status !== "stopped").map((row) => [row.id, row]));
  const workload = (kind: "component" | "provider", row: ComponentRow | ProviderRow) => {
    const host = hosts.get(row.hostId);
    return host ? [linked(workloadItem(kind, row, host))] : [];
  };
  const workloads = [
    ...rows.components.flatMap((row) => workload("component", row)),
    ...rows.providers.flatMap((row) => workload("provider", row)),
  ];
  const running = new Set(workloads.map(({ id }) => id));
  const missing = [...new Set(rows.links.flatMap(({ sourceId, target }) => [sourceId, target]))]
    .filter((id) => !running.has(id))
    .map((id) => linked(missingItem(id, rows.complete)));
  return [...[...hosts.values()].map(hostItem), ...workloads, ...missing];
}

/** A link in a few words: `wasi:keyvalue/store,atomics`, and its name where that is not the usual one. */
export function linkText({ witNamespace, witPackage, interfaces, name }: LinkRow): string {
  const what = `${witNamespace}:${witPackage}/${interfaces.join(",")}`;
  return name === "default" ? what : `${what} (${name})`;
}

function hostItem(host: HostRow): TopologyItem {
  const { id, friendlyName, labels, componentCount, providerCount, status } = host;
  const name = friendlyName || id;
  const item: TopologyItem = {
    key: `host/${id}`,
    kind: "host",
    id,
    name,
    hostId: id,
    hostName: name,
    labels,
    detail: `${formatQuantity(componentCount, "component")} · ${formatQuantity(providerCount, "provider")}`,
    out: noLinks,
    in: noLinks,
  };
  if (status === "lost") item.problem = { text: "lost: no heartbeat", tone: "bad", shape: "cross" };
  if (status === "stale") item.problem = { text: "stale: a heartbeat is late", tone: "warn", shape: "clock" };
  return item;
}

function workloadItem(
  kind: "component" | "provider",
  row: ComponentRow | ProviderRow,
  host: HostRow,
): Unlinked {
  const item: Unlinked = {
    key: `${kind}/${workloadKey(row)}`,
    kind,
    id: row.id,
    name: row.id,
    hostId: row.hostId,
    hostName: host.friendlyName || host.id,
    labels: host.labels,
    detail: "maxInstances" in row ? maxText(row.maxInstances) : "",
  };
  if (row.imageReference !== undefined) item.image = row.imageReference;
  if ("health" in row && row.health === "unhealthy")
    item.problem = { text: "unhealthy", tone: "bad", shape: "bang" };
  if ("health" in row && row.health === "silent")
    item.problem = { text: "answers no health check", tone: "warn", shape: "clock" };
  return item;
}

function missingItem(id: string, complete: boolean): Unlinked {
  return {
    key: `missing/${id}`,
    kind: "missing",
    id,
    name: id,
    hostName: "",
    labels: {},
    detail: "",
    problem: complete
      ? { text: "runs nowhere", tone: "bad", shape: "question" }
      : { text: "not seen; not every host has been read", tone: "warn", shape: "question" },
  };
}

function byEnd(links: readonly LinkRow[], end: (link: LinkRow) => string): Map<string, LinkRow[]> {
  const found = new Map<string, LinkRow[]>();
  for (const link of links) {
    const list = found.get(end(link));
    if (list) list.push(link);
    else found.set(end(link), [link]);
  }
  return found;
}
