import type { HostRow } from "../../../shared/lattice/schema.ts";
import type { Host, HostInventory, Link } from "../client/control-types.ts";
import type { DecodedEvent } from "../events/event-types.ts";
import {
  type ComponentChanges,
  Components,
  foldComponents,
  instancesOf,
  noComponentChanges,
} from "./components.ts";
import { foldHostEvent, foldNoAnswer, foldPing, foldReply, type HostStep } from "./host-facts.ts";
import {
  foldOutage,
  foldResumed,
  foldSilence,
  type HostChanges,
  type HostEntry,
  Hosts,
  noHostChanges,
} from "./hosts.ts";
import { foldLinkEvent, foldLinkList, type LinkChanges, Links, noLinkChanges } from "./links.ts";
import {
  foldListening,
  foldProviders,
  foldSilentProviders,
  noProviderChanges,
  type ProviderChanges,
  Providers,
} from "./providers.ts";
import { sameMap } from "./rows.ts";

/** Something learned about a lattice. Times are milliseconds by the console's clock. */
export type Fact =
  /** `overlapping`: it came while its host's inventory, or the list of links, was read and is folded once more after the reply. */
  | { kind: "event"; event: DecodedEvent; overlapping?: boolean }
  | { kind: "host"; host: Host; askedAt: number }
  | { kind: "inventory"; hostId: string; inventory: HostInventory; askedAt: number }
  /** `skipped`: so many more links could not be read. */
  | { kind: "links"; links: readonly Link[]; skipped?: number }
  /** A host did not answer. */
  | { kind: "silent"; hostId: string; message: string }
  /** The connection was lost: the next gap between heartbeats means nothing. */
  | { kind: "outage" }
  /** Facts can arrive again after a time in which none could: silence counts from now on. */
  | { kind: "resumed" }
  | { kind: "tick" };

/** All that is known of one lattice. Only `commit` changes it. */
export interface InventoryState {
  readonly hosts: Hosts;
  readonly components: Components;
  readonly providers: Providers;
  readonly links: Links;
}

/** `defaultPeriodMs` is the heartbeat period of hosts whose own is not learned yet. */
export function emptyInventory(defaultPeriodMs: number): InventoryState {
  return {
    hosts: new Hosts(defaultPeriodMs),
    components: new Components(),
    providers: new Providers(),
    links: new Links(),
  };
}

/** What one fact changes; committing it twice is the same as once. */
export interface InventoryChanges {
  readonly hosts: HostChanges;
  readonly components: ComponentChanges;
  readonly providers: ProviderChanges;
  readonly links: LinkChanges;
  /** Hosts whose inventory must be read, because the fact alone cannot tell. */
  readonly needsRead: readonly string[];
}

const noChanges: InventoryChanges = {
  hosts: noHostChanges,
  components: noComponentChanges,
  providers: noProviderChanges,
  links: noLinkChanges,
  needsRead: [],
};

/** What a fact changes in the state, which is only read; `commit` applies it. */
export function fold(state: InventoryState, fact: Fact, now: number): InventoryChanges {
  const { hosts, providers, links } = state;
  switch (fact.kind) {
    case "event":
      return foldEvent(state, fact, now);
    case "host":
      return foldStep(state, foldPing(hosts, fact, now), now);
    case "inventory":
      return foldStep(state, foldReply(hosts, fact, now), now);
    case "silent":
      return foldStep(state, foldNoAnswer(hosts, fact), now);
    case "links":
      return { ...noChanges, links: foldLinkList(links, fact.links, fact.skipped ?? 0) };
    case "outage":
      return { ...noChanges, hosts: foldOutage(hosts) };
    case "resumed":
      return {
        ...noChanges,
        hosts: foldResumed(hosts, now),
        providers: foldListening(providers, hosts.entries.keys(), now),
      };
    case "tick":
      return foldTick(state, now);
  }
}

/** Applies changes: the only thing that changes a state. */
export function commit(state: InventoryState, changes: InventoryChanges): void {
  const { removed } = changes.hosts;
  state.hosts.commit(changes.hosts);
  state.components.commit(changes.components, removed);
  state.providers.commit(changes.providers, removed);
  state.links.commit(changes.links);
}

/** An event is about its host and what runs there, or about a link, which is nobody's. */
function foldEvent(
  state: InventoryState,
  fact: { event: DecodedEvent; overlapping?: boolean },
  now: number,
): InventoryChanges {
  const changes = foldStep(state, foldHostEvent(state.hosts, fact, now), now);
  const links = foldLinkEvent(state.links, fact.event, fact.overlapping ?? false);
  return links === noLinkChanges ? changes : { ...changes, links };
}

/** A fact about one host, for what runs on it and for its row, which counts that. */
function foldStep(state: InventoryState, step: HostStep | undefined, now: number): InventoryChanges {
  if (!step) return noChanges;
  const { hostId, host, workloads } = step;
  if (!host) return { ...noChanges, needsRead: [hostId] };
  const before = state.hosts.get(hostId);
  const components = workloads ? foldComponents(state.components, host, workloads, now) : noComponentChanges;
  const changed = workloads ? foldProviders(state.providers, host, workloads, now) : noProviderChanges;
  const providers = isBack(before, host) ? afterReturn(state.providers, hostId, changed, now) : changed;
  const needsRead = step.needsRead || components.needsRead || providers.needsRead;
  const row = counted(host.row, state, { components, providers });
  return {
    hosts: {
      rows: before && (before.row === row || sameHost(before.row, row)) ? noHostChanges.rows : [row],
      tracks: before?.track === host.track ? noHostChanges.tracks : [{ hostId, track: host.track }],
      removed: noHostChanges.removed,
    },
    components,
    providers,
    links: noLinkChanges,
    needsRead: needsRead ? [hostId] : noChanges.needsRead,
  };
}

function isBack(before: HostEntry | undefined, { row }: HostEntry): boolean {
  return before !== undefined && before.row.status !== "live" && row.status === "live";
}

/** Nothing was heard of the host's providers while it was away; what the fact says about one comes on top. */
function afterReturn(
  providers: Providers,
  hostId: string,
  changes: ProviderChanges,
  now: number,
): ProviderChanges {
  const { pulses } = foldListening(providers, [hostId], now);
  return { ...changes, pulses: [...pulses, ...changes.pulses] };
}

function counted(
  row: HostRow,
  state: InventoryState,
  { components, providers }: Pick<InventoryChanges, "components" | "providers">,
): HostRow {
  let { componentCount, instanceCount, providerCount } = row;
  for (const each of components.rows) {
    const before = state.components.get(each.hostId, each.id);
    if (!before) componentCount += 1;
    instanceCount += instancesOf(each) - instancesOf(before);
  }
  for (const { hostId, id } of components.removed) {
    componentCount -= 1;
    instanceCount -= instancesOf(state.components.get(hostId, id));
  }
  for (const { hostId, id } of providers.rows) if (!state.providers.get(hostId, id)) providerCount += 1;
  providerCount -= providers.removed.length;
  const same =
    componentCount === row.componentCount &&
    instanceCount === row.instanceCount &&
    providerCount === row.providerCount;
  return same ? row : { ...row, componentCount, instanceCount, providerCount };
}

/** Whether two rows of a host say the same. */
function sameHost(a: HostRow, b: HostRow): boolean {
  return covers(a, b) && covers(b, a) && sameMap(a.labels, b.labels);
}

function covers(a: HostRow, b: HostRow): boolean {
  for (const field in a)
    if (field !== "labels" && a[field as keyof HostRow] !== b[field as keyof HostRow]) return false;
  return true;
}

function foldTick({ hosts, components, providers }: InventoryState, now: number): InventoryChanges {
  const changes = foldSilence(hosts, now);
  const silent = foldSilentProviders(providers, hosts, now);
  if (changes.removed.length === 0) return { ...noChanges, hosts: changes, providers: silent };
  const removedComponents = changes.removed.flatMap((hostId) => [...components.on(hostId).rows.values()]);
  const removedProviders = changes.removed.flatMap((hostId) => [...providers.on(hostId).rows.values()]);
  return {
    ...noChanges,
    hosts: changes,
    components: { ...noComponentChanges, removed: removedComponents },
    providers: { ...silent, removed: removedProviders },
  };
}
