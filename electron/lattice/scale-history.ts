import type { Activity } from "../../shared/contract/index.ts";

/** Where past activities are read from, newest first. */
export interface ActivityHistory {
  list(query: { connectionId: string; limit: number }): Activity[];
}

/** How far back the log is read for config names. */
const furthest = 1_000;

/**
 * Remembers the config names that we sent ourselves: nothing in a lattice tells which configs a running
 * component uses (wasmcloud-control §2.6, trap 43).
 */
export class ScaleHistory {
  private readonly byConnection = new Map<string, Map<string, string[]>>();

  constructor(private readonly log: ActivityHistory) {}

  /** Config names of the last scale of this component that took effect; undefined when we never did one. */
  configNames(place: {
    connectionId: string;
    lattice: string;
    hostId: string;
    componentId: string;
  }): string[] | undefined {
    return this.names(place.connectionId).get(placeKey(place.lattice, place.hostId, place.componentId));
  }

  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void {
    const names = this.byConnection.get(activity.connectionId);
    if (names) note(names, activity);
  }

  private names(connectionId: string): Map<string, string[]> {
    const known = this.byConnection.get(connectionId);
    if (known) return known;
    const names = new Map<string, string[]>();
    for (const activity of this.log.list({ connectionId, limit: furthest }).reverse()) note(names, activity);
    this.byConnection.set(connectionId, names);
    return names;
  }
}

function note(names: Map<string, string[]>, activity: Activity): void {
  if (activity.operation !== "lattice.components.scale") return;
  if (activity.state !== "confirmed" && activity.state !== "verified") return;
  const { target, request } = activity;
  const payload = request?.payload as { config?: unknown; count?: unknown } | undefined;
  if (!target?.hostId || !Array.isArray(payload?.config)) return;
  const key = placeKey(target.lattice ?? "", target.hostId, target.id);
  if (payload.count === 0) names.delete(key);
  else names.set(key, payload.config.map(String));
}

function placeKey(lattice: string, hostId: string, componentId: string): string {
  return `${lattice}/${hostId}/${componentId}`;
}
