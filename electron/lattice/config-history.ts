import type { Activity } from "../../shared/contract/index.ts";

/** Where past activities are read from, newest first. */
export interface ActivityHistory {
  list(query: { connectionId: string; limit: number }): Activity[];
}

/** One workload on one host. */
export interface Place {
  connectionId: string;
  lattice: string;
  hostId: string;
  kind: "component" | "provider";
  id: string;
}

/** The config names that we gave a workload. */
export interface ConfigUse extends Omit<Place, "connectionId"> {
  names: string[];
}

/** How far back the log is read for config names. */
const furthest = 1_000;

/** Commands whose request says which configs a workload uses. */
const starting = new Set(["lattice.components.scale", "lattice.components.start", "lattice.providers.start"]);

/**
 * Remembers the config names that we sent ourselves: nothing in a lattice tells which configs a running
 * workload uses (wasmcloud-control §2.6, trap 43).
 */
export class ConfigHistory {
  private readonly byConnection = new Map<string, Map<string, ConfigUse>>();

  constructor(private readonly log: ActivityHistory) {}

  /** Config names of the last command to this workload that took effect; undefined when we never gave one. */
  configNames(place: Place): string[] | undefined {
    return this.uses(place.connectionId).get(keyOf(place))?.names;
  }

  /** The workloads that we gave a config by this name, as far as we have not stopped them ourselves. */
  usersOf(config: { connectionId: string; lattice: string; name: string }): ConfigUse[] {
    const uses = [...this.uses(config.connectionId).values()];
    return uses.filter(({ lattice, names }) => lattice === config.lattice && names.includes(config.name));
  }

  /** Every config name that we gave a workload. */
  namesGiven(scope: { connectionId: string; lattice: string }): string[] {
    const uses = [...this.uses(scope.connectionId).values()];
    return uses.filter(({ lattice }) => lattice === scope.lattice).flatMap(({ names }) => names);
  }

  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void {
    const uses = this.byConnection.get(activity.connectionId);
    if (uses) note(uses, activity);
  }

  private uses(connectionId: string): Map<string, ConfigUse> {
    const known = this.byConnection.get(connectionId);
    if (known) return known;
    const uses = new Map<string, ConfigUse>();
    for (const activity of this.log.list({ connectionId, limit: furthest }).reverse()) note(uses, activity);
    this.byConnection.set(connectionId, uses);
    return uses;
  }
}

function note(uses: Map<string, ConfigUse>, activity: Activity): void {
  const { operation, state, target } = activity;
  if ((state !== "confirmed" && state !== "verified") || !target?.hostId) return;
  const host = `${target.lattice ?? ""}/${target.hostId}/`;
  if (operation === "lattice.hosts.stop") {
    for (const key of uses.keys()) if (key.startsWith(host)) uses.delete(key);
    return;
  }
  if (target.kind !== "component" && target.kind !== "provider") return;
  const use = { lattice: target.lattice ?? "", hostId: target.hostId, kind: target.kind, id: target.id };
  const names = namesIn(activity);
  if (names === "none") uses.delete(keyOf(use));
  else if (names) uses.set(keyOf(use), { ...use, names });
}

/** The names that a command gave, "none" when it ended the workload; undefined when it says nothing of them. */
function namesIn({ operation, request }: Activity): string[] | "none" | undefined {
  if (operation === "lattice.providers.stop") return "none";
  if (!starting.has(operation)) return undefined;
  const payload = request?.payload as { config?: unknown; count?: unknown } | undefined;
  if (payload?.count === 0) return "none";
  return Array.isArray(payload?.config) ? payload.config.map(String) : undefined;
}

function keyOf({ lattice, hostId, kind, id }: Omit<Place, "connectionId">): string {
  return `${lattice}/${hostId}/${kind}/${id}`;
}
