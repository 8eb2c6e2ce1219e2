import type { Activity } from "../../shared/contract/index.ts";
import type { EventRow } from "../../shared/events/schema.ts";
import type { HostRow, LatticeRow, ProviderRow } from "../../shared/lattice/schema.ts";

/** One thing that a person should look at. */
export interface Concern {
  key: string;
  /** Name of a state look: `lost`, `stale`, `unhealthy`, `failed`, `unknown`, … */
  state: string;
  title: string;
  detail: string;
  at: string | undefined;
  /** Where to look: a page and, in it, an entity. */
  page: "hosts" | "providers" | "activity" | "events";
  open: string | undefined;
  /** An activity that reconcile may settle. */
  reconcile?: string;
}

export interface AttentionSources {
  connectionId: string;
  lattice: LatticeRow | undefined;
  hosts: readonly HostRow[];
  providers: readonly ProviderRow[];
  activities: readonly Activity[];
  events: readonly EventRow[];
  now: number;
}

const recentMs = 30 * 60_000;

/** What needs attention in a lattice, the gravest first; empty when all is well. */
export function concernsOf(sources: AttentionSources): Concern[] {
  const { hosts, providers, lattice } = sources;
  return [
    ...hosts.filter((host) => host.status === "lost").map(hostConcern),
    ...providers.filter((provider) => provider.health === "unhealthy").map(providerConcern),
    ...activityConcerns(sources),
    ...hosts.filter((host) => host.status === "stale").map(hostConcern),
    ...(lattice?.silentHosts ?? []).map(silentConcern),
    ...eventConcerns(sources),
  ];
}

function hostConcern(host: HostRow): Concern {
  return {
    key: `host ${host.id}`,
    state: host.status,
    title: host.friendlyName,
    detail: `no heartbeat for more than ${host.status === "lost" ? "4" : "2"} periods`,
    at: host.statusSince,
    page: "hosts",
    open: host.id,
  };
}

function providerConcern(provider: ProviderRow): Concern {
  return {
    key: `provider ${provider.hostId}/${provider.id}`,
    state: "unhealthy",
    title: provider.name ?? provider.id,
    detail: `provider on ${provider.hostName}`,
    at: provider.healthAt,
    page: "providers",
    open: `${provider.hostId}/${provider.id}`,
  };
}

function silentConcern(host: { id: string; friendlyName: string; message: string }): Concern {
  return {
    key: `silent ${host.id}`,
    state: "warning",
    title: host.friendlyName,
    detail: `its inventory could not be read: ${host.message}`,
    at: undefined,
    page: "hosts",
    open: host.id,
  };
}

function activityConcerns({ activities, connectionId, now }: AttentionSources): Concern[] {
  return activities
    .filter((one) => one.connectionId === connectionId && isConcern(one, now))
    .map((one) => ({
      key: `activity ${one.id}`,
      state: one.state,
      title: one.title,
      detail: one.message,
      at: one.updatedAt,
      page: "activity" as const,
      open: one.id,
      ...(one.state === "unknown" ? { reconcile: one.id } : {}),
    }))
    .reverse();
}

/** An unknown stays a concern until it is settled, a failure for half an hour. */
function isConcern(activity: Activity, now: number): boolean {
  if (activity.state === "unknown") return true;
  const bad = activity.state === "failed" || activity.state === "refused";
  return bad && now - Date.parse(activity.updatedAt) < recentMs;
}

/** The latest failure of each entity that the events told of. */
function eventConcerns({ events, now }: AttentionSources): Concern[] {
  const latest = new Map<string, EventRow>();
  for (const event of events) {
    const entity = `${event.entityKind} ${event.source ?? ""} ${event.entityId}`;
    if (event.severity === "bad" && now - Date.parse(event.receivedAt) < recentMs) latest.set(entity, event);
    else if (event.severity === "good") latest.delete(entity);
  }
  return [...latest.values()].reverse().map((event) => ({
    key: `event ${event.sequence}`,
    state: "failed",
    title: event.summary,
    detail: [event.type, event.sourceName].filter(Boolean).join(" on "),
    at: event.receivedAt,
    page: "events" as const,
    open: String(event.sequence),
  }));
}
