import { canonicalJson, type Guard, type GuardedChange } from "../contract/index.ts";
import { addressParts } from "./destination.ts";
import type { ConnectionProfile, TargetSettings } from "./schema.ts";

type Profiles = readonly ConnectionProfile[];
type Saved = {
  connectionId: string;
  profile: Omit<ConnectionProfile, "id" | "playground">;
  secrets?: object;
};

const strictness: Record<Guard, number> = { open: 0, confirm: 1, protected: 2, "read-only": 3 };

/** Whether the first guard stands for less than the second. */
export function isLooser(guard: Guard, than: Guard): boolean {
  return strictness[guard] < strictness[than];
}

/**
 * What saving changes of a guard, or of what is guarded: it is under the guard as it was, and recorded. A connection
 * that leads where a stricter one leads already would be the way around it, and is under that one's guard.
 */
export function guardedSave({ connectionId, profile }: Saved, saved: Profiles): GuardedChange | undefined {
  const after = { ...profile, id: connectionId } as ConnectionProfile;
  const before = saved.find(({ id }) => id === connectionId);
  const changes = before ? changesOf(before, after) : [];
  const around = strictest(saved.filter((other) => isWayAround(after, other)));
  if (around && !(before && isWayAround(before, around)))
    changes.push(`lead past the guard of ${around.name}`);
  if (opensToOthers(after) && !(before && opensToOthers(before))) changes.push("listen beyond this machine");
  if (changes.length === 0) return undefined;
  const strict = strictest([...(before ? [before] : []), ...(around ? [around] : [])]);
  const connection = strict ?? {
    ...after,
    guard: isLooser(after.guard, "confirm") ? "confirm" : after.guard,
  };
  return {
    connection,
    title: `Change ${before?.name ?? after.name}: ${changes.join(", ")}`,
    mayLiftReadOnly: true,
  };
}

/** Removing takes the guard away with the connection. */
export function guardedRemove(input: { connectionId: string }, saved: Profiles): GuardedChange | undefined {
  const connection = saved.find(({ id }) => id === input.connectionId);
  return (
    connection && { connection, title: `Remove the connection ${connection.name}`, mayLiftReadOnly: true }
  );
}

/** A change of who may come in through a connection; what only takes access away may be done on a read-only one too. */
export function guardedAccess(what: string, { mayLiftReadOnly = false } = {}) {
  return (input: { connectionId: string; daemonId: string }, saved: Profiles): GuardedChange | undefined => {
    const connection = saved.find(({ id }) => id === input.connectionId);
    return connection && { connection, title: `${what} ${input.daemonId}`, mayLiftReadOnly };
  };
}

/** The strictest guard of the connections that lead to the same place. */
export function guardOfPlace(settings: TargetSettings, saved: Profiles): Guard | undefined {
  return strictest(saved.filter((other) => leadsToSame(settings, other)))?.guard;
}

function changesOf(before: ConnectionProfile, after: ConnectionProfile): string[] {
  const changes: string[] = [];
  if (isLooser(after.guard, before.guard)) changes.push(`its guard from ${before.guard} to ${after.guard}`);
  else if (after.guard === "protected" && after.relockMinutes > before.relockMinutes)
    changes.push(`stay unlocked for ${after.relockMinutes} minutes`);
  if (canonicalJson(placeOf(before)) !== canonicalJson(placeOf(after))) changes.push("where it leads");
  // The name is what has to be typed.
  if (before.name !== after.name && !isLooser(before.guard, "protected"))
    changes.push(`its name to ${after.name}`);
  return changes;
}

/**
 * Whether a connection leads to something else than before, so that nothing that is done or read there is about what it
 * led to.
 */
export function leadsElsewhere(before: ConnectionProfile, after: ConnectionProfile): boolean {
  return destinationOf(before) !== destinationOf(after);
}

/** Where a connection leads, equal as text where it leads to the same. The daemons of Flux come by themselves, wherever the console listens. */
export function destinationOf(profile: ConnectionProfile): string {
  return canonicalJson(profile.system === "flux" ? { system: "flux" } : placeOf(profile));
}

/** All of a target but the patience with it. */
function placeOf({ system, target }: ConnectionProfile): unknown {
  const timing = { requestTimeoutMs: 0, auctionTimeoutMs: 0, heartbeatSeconds: 0 };
  return { system, target: { ...target, ...timing } };
}

function isWayAround(after: ConnectionProfile, other: ConnectionProfile): boolean {
  return other.id !== after.id && isLooser(after.guard, other.guard) && leadsToSame(after, other);
}

function leadsToSame(one: TargetSettings, other: TargetSettings): boolean {
  const others = doorsOf(other);
  return one.system === other.system && doorsOf(one).some((door) => others.includes(door));
}

/** Each way in to what a target leads to, whatever it is reached with. */
function doorsOf(settings: TargetSettings): string[] {
  switch (settings.system) {
    case "lattice": {
      const { addresses, lattice, topicPrefix } = settings.target;
      return addresses.map((address) => `${doorOf(address)} ${topicPrefix} ${lattice}`);
    }
    case "forge":
      return [doorOf(settings.target.url)];
    case "flowfabric": {
      const { url, valkey } = settings.target;
      return [...(url === undefined ? [] : [url]), ...(valkey?.addresses ?? [])].map(doorOf);
    }
    case "flux":
      return settings.target.port === 0 ? [] : [`${settings.target.host}:${settings.target.port}`];
  }
}

/** With and without TLS a server is the same, and so is this machine by whatever name. */
function doorOf(address: string): string {
  const parts = addressParts(address);
  if (!parts) return address;
  const { host, port, path } = parts;
  return `${isThisMachine(host) ? "localhost" : host}:${port}${path}`;
}

function isThisMachine(host: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(
    host,
  );
}

function opensToOthers({ system, target }: ConnectionProfile): boolean {
  return system === "flux" && !/^(127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)$/i.test(target.host);
}

function strictest(profiles: Profiles): ConnectionProfile | undefined {
  return profiles.reduce<ConnectionProfile | undefined>(
    (found, next) => (found && !isLooser(found.guard, next.guard) ? found : next),
    undefined,
  );
}
