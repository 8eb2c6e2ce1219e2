import type { StopPreview } from "../../../shared/lattice/host-operations.ts";
import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";

/** What is known when a host's stop is planned. */
export interface StopKnowledge {
  host: HostRow;
  components: readonly ComponentRow[];
  providers: readonly ProviderRow[];
  /** Everything in the lattice as last known, this host included. */
  lattice: {
    hosts: readonly HostRow[];
    components: readonly ComponentRow[];
    providers: readonly ProviderRow[];
    links: readonly LinkRow[];
    /** Without it, links are known from events only. */
    linksReadAt?: string | undefined;
  };
  readAt: string;
}

/** Says what would end with a host: what runs there, what of it runs nowhere else, and which links lose an end. */
export function previewStop(known: StopKnowledge): StopPreview {
  const { host, lattice } = known;
  const running = new Set(lattice.hosts.filter((each) => canCarry(each, host.id)).map(({ id }) => id));
  const others = <Row extends { hostId: string }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ hostId }) => running.has(hostId));
  const components = known.components.map((row) => ({
    ...row,
    elsewhere: places(others(lattice.components), row.id),
  }));
  const providers = known.providers.map((row) => ({
    ...row,
    elsewhere: places(others(lattice.providers), row.id),
  }));
  const lost = { components: lostOf(components), providers: lostOf(providers) };
  const ends = new Set([...lost.components, ...lost.providers]);
  return {
    host,
    components,
    providers,
    lost,
    links: lattice.links.filter(({ sourceId, target }) => ends.has(sourceId) || ends.has(target)),
    warnings: warnings(known),
    readAt: known.readAt,
  };
}

/** A host that is lost or stopped carries nothing. */
function canCarry(host: HostRow, leaving: string): boolean {
  return host.id !== leaving && host.status !== "lost" && host.status !== "stopped";
}

function places(
  rows: readonly { id: string; hostId: string; hostName: string; maxInstances?: number }[],
  id: string,
): StopPreview["components"][number]["elsewhere"] {
  return rows
    .filter((row) => row.id === id)
    .map(({ hostId, hostName, maxInstances }) => ({
      hostId,
      hostName,
      ...(maxInstances !== undefined && { maxInstances }),
    }));
}

function lostOf(rows: readonly { id: string; elsewhere: readonly unknown[] }[]): string[] {
  return rows.filter(({ elsewhere }) => elsewhere.length === 0).map(({ id }) => id);
}

function warnings({ host, components, lattice }: StopKnowledge): string[] {
  const list = ["Labels and registry credentials that were set while it ran are lost with it."];
  if (components.some(({ managedByWadm }) => managedByWadm))
    list.push("wadm manages some of these components and will start them on other eligible hosts.");
  const unread = lattice.hosts.filter((each) => canCarry(each, host.id) && each.inventoryAt === undefined);
  if (unread.length > 0)
    list.push(`What runs on ${unread.map(({ friendlyName }) => friendlyName).join(", ")} is not known.`);
  if (lattice.linksReadAt === undefined)
    list.push("The list of links could not be read: links that would lose an end may be missing here.");
  if (!lattice.hosts.some((each) => canCarry(each, host.id)))
    list.push("No other host of this lattice is known to run: commands to the lattice will find nobody.");
  return list;
}
