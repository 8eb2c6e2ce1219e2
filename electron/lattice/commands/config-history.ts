import type { Activity } from "../../../shared/contract/index.ts";
import type { EventRow } from "../../../shared/events/schema.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { OpenLinks } from "./open-links.ts";

/** So many names are kept for one lattice; the oldest go first. */
const most = 10_000;

/** Names of configs that are known to have been stored, by lattice. */
class ConfigNames {
  private readonly byLattice = new Map<string, Set<string>>();

  of(lattice: string): ReadonlySet<string> {
    return this.byLattice.get(lattice) ?? new Set();
  }

  add(lattice: string, name: string): void {
    const names = this.byLattice.get(lattice) ?? new Set();
    this.byLattice.set(lattice, names.add(name));
    const [oldest] = names;
    if (names.size > most && oldest !== undefined) names.delete(oldest);
  }

  remove(lattice: string, name: string): void {
    this.byLattice.get(lattice)?.delete(name);
  }
}

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
  /** The outcome of the command that gave them is open. */
  open?: boolean;
}

/** What is remembered of one connection. */
interface Memory {
  uses: Map<string, ConfigUse>;
  /** What commands gave whose outcome is open, by workload and activity. */
  open: Map<string, Map<string, ConfigUse>>;
  openLinks: OpenLinks;
  stored: ConfigNames;
}

/** How far back the log is read for config names. */
const furthest = 1_000;

/** Commands whose request says which configs a workload uses. */
const starting = new Set([
  "lattice.components.scale",
  "lattice.components.start",
  "lattice.components.restart",
  "lattice.providers.start",
]);

/**
 * Remembers the config names that we sent ourselves: nothing in a lattice tells which configs a running
 * workload uses (wasmcloud-control §2.6, trap 43).
 */
export class ConfigHistory {
  private readonly byConnection = new Map<string, Memory>();

  constructor(private readonly log: ActivityHistory) {}

  /** Config names of the last command to this workload that took effect; undefined when we never gave one. */
  configNames(place: Place): string[] | undefined {
    return this.memory(place.connectionId).uses.get(keyOf(place))?.names;
  }

  /**
   * Lists that a command may have given since, though nothing confirmed it: some hosts apply a config without a word
   * (wasmcloud-control §2.6), so that both lists are possible. The newest comes last.
   */
  openConfigNames(place: Place): string[][] {
    const known = this.configNames(place)?.join("\n");
    const open = this.memory(place.connectionId).open.get(keyOf(place));
    const lists = [...(open?.values() ?? [])].map(({ names }) => names);
    return lists.filter((names) => names.join("\n") !== known);
  }

  /** The workloads that we gave, or may have given, a config by this name, as far as we have not stopped them ourselves. */
  usersOf(config: { connectionId: string; lattice: string; name: string }): ConfigUse[] {
    const { uses, open } = this.memory(config.connectionId);
    const possible = [...open.values()].flatMap((each) => [...each.values()]);
    const users = new Map<string, ConfigUse>();
    for (const use of [...uses.values(), ...possible])
      if (use.lattice === config.lattice && use.names.includes(config.name) && !users.has(keyOf(use)))
        users.set(keyOf(use), use);
    return [...users.values()];
  }

  /** Links that we put and of which nothing tells whether they are stored. */
  openLinks({ connectionId, lattice }: { connectionId: string; lattice: string }): LinkRow[] {
    return this.memory(connectionId).openLinks.of(lattice);
  }

  /** Every config name that we gave a workload, stored, or heard to be stored. */
  names({ connectionId, lattice }: { connectionId: string; lattice: string }): string[] {
    const { uses, stored } = this.memory(connectionId);
    const given = [...uses.values()].filter((use) => use.lattice === lattice);
    return [...given.flatMap(({ names }) => names), ...stored.of(lattice)];
  }

  /** Takes note of an activity that has moved on. */
  remember(activity: Activity): void {
    const memory = this.byConnection.get(activity.connectionId);
    if (memory) note(memory, activity);
  }

  /** Takes note of configs that somebody stored or deleted. */
  hear(connectionId: string, lattice: string, rows: readonly EventRow[]): void {
    for (const { type, entityId } of rows) {
      if (type === "config_set") this.memory(connectionId).stored.add(lattice, entityId);
      else if (type === "config_deleted") this.memory(connectionId).stored.remove(lattice, entityId);
    }
  }

  private memory(connectionId: string): Memory {
    const known = this.byConnection.get(connectionId);
    if (known) return known;
    const memory: Memory = {
      uses: new Map(),
      open: new Map(),
      openLinks: new OpenLinks(),
      stored: new ConfigNames(),
    };
    for (const activity of this.log.list({ connectionId, limit: furthest }).reverse()) note(memory, activity);
    this.byConnection.set(connectionId, memory);
    return memory;
  }
}

function note(memory: Memory, activity: Activity): void {
  const { state, target } = activity;
  if (!target) return;
  noteOpen(memory.open, activity);
  memory.openLinks.note(activity);
  if (state !== "confirmed" && state !== "verified") return;
  if (target.kind === "config") noteConfig(memory.stored, activity);
  else if (activity.operation === "lattice.hosts.stop") forgetHost(memory, target);
  else if (target.hostId) noteUse(memory.uses, activity);
}

const openStates = new Set<Activity["state"]>(["sent", "acknowledged", "unknown"]);

/** A command whose outcome is open leaves a possibility; one that is confirmed ends all that came before it. */
function noteOpen(open: Memory["open"], activity: Activity): void {
  const { id, state, target } = activity;
  const names = namesIn(activity);
  if (!target?.hostId || names === undefined) return;
  const { lattice = "", hostId } = target;
  const place = { lattice, hostId, kind: kindOf(target), id: target.id };
  const key = keyOf(place);
  if (state === "confirmed" || state === "verified") open.delete(key);
  else if (openStates.has(state) && names !== "none")
    open.set(key, (open.get(key) ?? new Map()).set(id, { ...place, names, open: true }));
  else open.get(key)?.delete(id);
}

function kindOf({ kind }: NonNullable<Activity["target"]>): Place["kind"] {
  return kind === "provider" ? "provider" : "component";
}

function noteConfig(stored: ConfigNames, { operation, target }: Activity): void {
  const { lattice = "", id = "" } = target ?? {};
  if (operation === "lattice.configs.put") stored.add(lattice, id);
  else if (operation === "lattice.configs.delete") stored.remove(lattice, id);
}

/** Nothing runs on a host that was stopped. */
function forgetHost({ uses, open }: Memory, target: NonNullable<Activity["target"]>): void {
  const host = `${target.lattice ?? ""}/${target.hostId}/`;
  for (const known of [uses, open])
    for (const key of known.keys()) if (key.startsWith(host)) known.delete(key);
}

function noteUse(uses: Map<string, ConfigUse>, activity: Activity): void {
  const { target } = activity;
  if (!target?.hostId) return;
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
