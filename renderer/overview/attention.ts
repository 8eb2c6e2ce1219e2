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
    ...providers.filter((provider) => provider.health === "silent").map(providerConcern),
    ...activityConcerns(sources),
    ...hosts.filter((host) => host.status === "stale").map(hostConcern),
    ...silentConcerns(lattice, hosts),
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
    state: provider.health,
    title: provider.name ?? provider.id,
    detail:
      provider.health === "silent"
        ? `provider on ${provider.hostName}, answers no health check`
        : `provider on ${provider.hostName}`,
    at: provider.healthAt,
    page: "providers",
    open: `${provider.hostId}/${provider.id}`,
  };
}

function providerEntity(provider: ProviderRow): string {
  return `provider ${provider.hostId} ${provider.id}`;
}

/** A host that is lost or stale is a concern already; its silence is no second one. */
function silentConcerns(lattice: LatticeRow | undefined, hosts: readonly HostRow[]): Concern[] {
  const known = new Set(hosts.filter((host) => host.status !== "live").map((host) => host.id));
  const silent = (lattice?.silentHosts ?? []).filter((host) => !known.has(host.id));
  return silent.map((host) => ({
    key: `silent ${host.id}`,
    state: "warning",
    title: host.friendlyName,
    detail: `its inventory could not be read: ${host.message}`,
    at: undefined,
    page: "hosts",
    open: host.id,
  }));
}

function activityConcerns({ activities, connectionId, now }: AttentionSources): Concern[] {
  return activities
    .filter((one) => one.connectionId === connectionId && isConcern(one, now))
    .map((one) => ({
      key: `activity ${one.id}`,
      state: one.state,
      title: one.title,
      detail: one.target?.hostName ? `${one.target.hostName}: ${one.message}` : one.message,
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

/** What failed lately and has not worked since, the same failure on many hosts as one. */
function eventConcerns(sources: AttentionSources): Concern[] {
  const { events, providers, now } = sources;
  const ours = failuresOfOurs(sources);
  const ailing = providers.filter(({ health }) => health === "unhealthy" || health === "silent");
  const shown = new Set(ailing.map(providerEntity));
  const failing = new Map<string, EventRow>();
  for (const event of events) {
    const entity = `${event.entityKind} ${event.source ?? ""} ${event.entityId}`;
    if (shown.has(entity) || ours.has(entity)) continue;
    if (event.severity === "bad" && now - Date.parse(event.receivedAt) < recentMs) failing.set(entity, event);
    else if (event.severity === "good") failing.delete(entity);
  }
  const groups = new Map<string, EventRow[]>();
  for (const event of failing.values()) {
    const key = `${event.type} ${event.entityId} ${event.summary}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups].reverse().map(([key, members]) => eventConcern(key, members));
}

/** What the failed activities already stand for, as entities of events. */
function failuresOfOurs({ activities, connectionId, now }: AttentionSources): Set<string> {
  const failed = activities.filter((one) => one.connectionId === connectionId && isConcern(one, now));
  return new Set(failed.map(({ target }) => `${target?.kind} ${target?.hostId} ${target?.id}`));
}

function eventConcern(key: string, members: readonly EventRow[]): Concern {
  const latest = members.reduce((late, one) => (one.sequence > late.sequence ? one : late));
  const where = members.length > 1 ? `${members.length} hosts` : latest.sourceName;
  return {
    key: `event ${key}`,
    state: "failed",
    title: latest.summary,
    detail: [latest.type, where].filter(Boolean).join(" on "),
    at: latest.receivedAt,
    page: "events",
    open: String(latest.sequence),
  };
}
