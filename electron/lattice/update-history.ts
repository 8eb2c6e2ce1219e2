import type { Activity } from "../../shared/contract/index.ts";
import type { ActivityHistory, Place } from "./config-history.ts";

/** How far back the log is read for updates. */
const furthest = 1_000;
/** So many updates are kept for one connection; the oldest go first. */
const most = 10_000;

/** States in which a host may have carried out an update. */
const mayHaveHappened = new Set<Activity["state"]>(["acknowledged", "confirmed", "verified", "unknown"]);

/**
 * Remembers the updates that we sent: code from before one goes on answering until the host's process ends, and nothing in a
 * lattice tells of it (wasmcloud-control §2.7, trap 44).
 */
export class UpdateHistory {
  private readonly byConnection = new Map<string, Map<string, string>>();

  constructor(private readonly log: ActivityHistory) {}

  /** When a component was updated last since its host started; undefined where it was not, as far as is known. */
  updatedAt(place: Omit<Place, "kind">, hostStartedAt: string | undefined): string | undefined {
    const at = this.memory(place.connectionId).get(keyOf(place));
    if (at === undefined) return undefined;
    return hostStartedAt !== undefined && Date.parse(hostStartedAt) > Date.parse(at) ? undefined : at;
  }

  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void {
    const memory = this.byConnection.get(activity.connectionId);
    if (memory) note(memory, activity);
  }

  private memory(connectionId: string): Map<string, string> {
    const known = this.byConnection.get(connectionId);
    if (known) return known;
    const memory = new Map<string, string>();
    for (const activity of this.log.list({ connectionId, limit: furthest }).reverse()) note(memory, activity);
    this.byConnection.set(connectionId, memory);
    return memory;
  }
}

function note(memory: Map<string, string>, { operation, state, target, startedAt, reply }: Activity): void {
  if (operation !== "lattice.components.update" || !target?.hostId) return;
  const key = keyOf({ lattice: target.lattice ?? "", hostId: target.hostId, id: target.id });
  if (mayHaveHappened.has(state) && !hadNothingToDo(reply)) memory.set(key, startedAt);
  else if (memory.get(key) === startedAt) memory.delete(key);
  const [oldest] = memory.keys();
  if (memory.size > most && oldest !== undefined) memory.delete(oldest);
}

/** The host had the image already; its text is the same in all versions that have one (wasmcloud-control §2.7). */
function hadNothingToDo(reply: unknown): boolean {
  const message = (reply as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && / already updated to /.test(message);
}

function keyOf({ lattice, hostId, id }: { lattice: string; hostId: string; id: string }): string {
  return `${lattice}/${hostId}/${id}`;
}
