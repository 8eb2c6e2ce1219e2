import type { HostRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import type { ProviderDescription } from "../client/control-types.ts";
import type { HealthEventType, KnownEvent } from "../events/event-types.ts";
import type { ListedWorkloads, WorkloadFact } from "./host-facts.ts";
import type { HostEntry, Hosts } from "./hosts.ts";
import { inventoryLimits } from "./inventory-limits.ts";
import { isoTime, sameMap, withoutUndefined } from "./rows.ts";
import {
  isDescribed,
  isLate,
  listDifference,
  noWorkloadChanges,
  sharedFields,
  type WorkloadChanges,
  WorkloadMap,
  type WorkloadMemo,
} from "./workloads.ts";

/** What is remembered of a provider's signs of life, all by the console's clock. */
interface ProviderPulse {
  /** From when on silence counts: its last health event, or when it could begin to be heard. */
  readonly fromMs: number;
  /** Its last health event of any kind; absent: none was heard so far. */
  readonly heardMs?: number | undefined;
}

/** What a fact changes in the providers. */
export interface ProviderChanges extends WorkloadChanges<ProviderRow, WorkloadMemo> {
  readonly pulses: readonly { hostId: string; id: string; pulse: ProviderPulse }[];
}

export const noProviderChanges: ProviderChanges = { ...noWorkloadChanges, pulses: [] };

/** The providers of a lattice by host and id. */
export class Providers extends WorkloadMap<ProviderRow, WorkloadMemo> {
  readonly #pulses = new Map<string, Map<string, ProviderPulse>>();
  #unhealthy = 0;
  #silent = 0;

  constructor() {
    super({ all: inventoryLimits.providers, perHost: inventoryLimits.providersPerHost });
  }

  get unhealthy(): number {
    return this.#unhealthy;
  }

  get silent(): number {
    return this.#silent;
  }

  /** The signs of life of the providers by host and id. */
  get pulses(): ReadonlyMap<string, ReadonlyMap<string, ProviderPulse>> {
    return this.#pulses;
  }

  override commit(changes: ProviderChanges, removedHosts: readonly string[]): void {
    super.commit(changes, removedHosts);
    for (const { hostId, id, pulse } of changes.pulses)
      if (this.get(hostId, id)) this.#pulses.get(hostId)?.set(id, pulse);
  }

  protected replaced(before: ProviderRow | undefined, after: ProviderRow | undefined): void {
    this.#unhealthy += Number(after?.health === "unhealthy") - Number(before?.health === "unhealthy");
    this.#silent += Number(after?.health === "silent") - Number(before?.health === "silent");
    if (before && !after) {
      const pulses = this.#pulses.get(before.hostId);
      pulses?.delete(before.id);
      if (pulses?.size === 0) this.#pulses.delete(before.hostId);
    }
    if (after && !this.#pulses.has(after.hostId)) this.#pulses.set(after.hostId, new Map());
  }
}

/** Folds what a fact says about the providers of one host. */
export function foldProviders(
  providers: Providers,
  host: HostEntry,
  fact: WorkloadFact,
  now: number,
): ProviderChanges {
  if (fact.kind === "gone")
    return { ...noProviderChanges, removed: [...providers.on(host.row.id).rows.values()] };
  if (fact.kind === "listed") return foldListed(providers, host, fact, now);
  const { event } = fact;
  if (event.type === "provider_started") return foldStarted(providers, host, event, now);
  if (event.type === "provider_stopped") return foldStopped(providers, host, event, now);
  if (event.type === "provider_start_failed") return foldStartFailed(providers, event, now);
  return isHealthEvent(event) ? foldHealth(providers, host, event, now) : noProviderChanges;
}

function foldListed(
  providers: Providers,
  { row: host }: HostEntry,
  fact: ListedWorkloads,
  now: number,
): ProviderChanges {
  const before = providers.on(host.id).rows;
  const described = fact.inventory.providers.filter(({ id }) => id !== "");
  const listed = described.map((each) => {
    const row = providerRow(host, each, before.get(each.id));
    // What was known of a provider's health was that of a process that is no more.
    return fact.restarted && row.health !== "unknown" ? withHealth(row, "unknown", now) : row;
  });
  const { rows, removed } = listDifference(before, listed, fact, now);
  const { forgetBeforeMs: beforeMs } = fact;
  return {
    rows: providers.withRoom(host.id, rows),
    removed,
    memos: [],
    forgotten: beforeMs === undefined ? undefined : { hostId: host.id, beforeMs },
    pulses: (fact.restarted ? listed : rows.filter(({ id }) => !before.has(id))).map((row) =>
      firstPulse(row, now),
    ),
    // What the host was asked to do at this very moment may be missing in what it collected just before.
    needsRead: fact.raced && rows.length + removed.length > 0,
  };
}

type ProviderEvent = KnownEvent & { providerId: string };

/** Remembers an event about a provider; undefined where it came too late to count. */
function remembered(
  providers: Providers,
  host: HostEntry,
  event: ProviderEvent,
  now: number,
): ProviderChanges | undefined {
  const { source: hostId, providerId: id } = event;
  if (isLate(providers.on(hostId).memos.get(id), event, host, now)) return undefined;
  const memo = { timeMs: event.timeMs, seenMs: now };
  return { ...noProviderChanges, memos: [{ hostId, id, memo }] };
}

const tooLate: ProviderChanges = { ...noProviderChanges, needsRead: true };

/** Folds `provider_started`; a first health is unknown until an event tells (wasmcloud-control §4.9, §4.11). */
function foldStarted(
  providers: Providers,
  host: HostEntry,
  event: Extract<KnownEvent, { type: "provider_started" }>,
  now: number,
): ProviderChanges {
  const changes = remembered(providers, host, event, now);
  if (!changes) return tooLate;
  const { source: hostId, providerId: id, imageReference, annotations } = event;
  const before = providers.get(hostId, id);
  if (before && before.imageReference === imageReference && sameMap(before.annotations, annotations))
    return changes;
  const name = event.name ?? before?.name;
  const description = { id, imageReference, annotations, revision: before?.revision ?? 0, name };
  const row = { ...providerRow(host.row, description, before), changedAt: isoTime(now) };
  return {
    ...changes,
    rows: providers.withRoom(hostId, [row]),
    pulses: before ? [] : [firstPulse(row, now)],
    needsRead: true,
  };
}

/** Folds `provider_stopped`, which only the stop command causes (wasmcloud-control §4.10). */
function foldStopped(
  providers: Providers,
  host: HostEntry,
  event: Extract<KnownEvent, { type: "provider_stopped" }>,
  now: number,
): ProviderChanges {
  const changes = remembered(providers, host, event, now);
  if (!changes) return tooLate;
  const before = providers.get(event.source, event.providerId);
  return before ? { ...changes, removed: [before] } : changes;
}

/** Keeps a failed start with the provider of that id, where one runs. */
function foldStartFailed(
  providers: Providers,
  event: Extract<KnownEvent, { type: "provider_start_failed" }>,
  now: number,
): ProviderChanges {
  const row = providers.get(event.source, event.providerId);
  if (!row || row.lastFailure?.message === event.error) return noProviderChanges;
  const lastFailure = { at: isoTime(now), message: event.error };
  return { ...noProviderChanges, rows: [{ ...row, lastFailure }] };
}

type HealthEvent = Extract<KnownEvent, { type: HealthEventType }>;

function isHealthEvent(event: KnownEvent): event is HealthEvent {
  return event.type.startsWith("health_check_");
}

/**
 * Folds health (wasmcloud-control §4.11, traps 11 and 49): `passed` and `failed` tell what it is, `status` that the
 * provider answers and that it is what it was.
 */
function foldHealth(providers: Providers, host: HostEntry, event: HealthEvent, now: number): ProviderChanges {
  const { source: hostId, providerId: id } = event;
  const row = providers.get(hostId, id);
  if (!row) return { ...noProviderChanges, needsRead: true };
  const pulses = [{ hostId, id, pulse: { fromMs: now, heardMs: now } }];
  if (event.type === "health_check_status") {
    const rows = row.health === "silent" ? [withHealth(row, row.healthBefore ?? "unknown", now)] : [];
    return { ...noProviderChanges, pulses, rows };
  }
  const changes = remembered(providers, host, event, now) ?? tooLate;
  if (changes === tooLate) return { ...tooLate, pulses };
  const health = event.type === "health_check_passed" ? "healthy" : "unhealthy";
  return { ...changes, pulses, rows: row.health === health ? [] : [withHealth(row, health, now)] };
}

/** Hosts check a provider every 30 s and say so if it answers; after two periods, and a little, it does not. */
const silentAfterMs = 65_000;

/**
 * A provider that hangs or died is announced by nobody: only what is missing tells. Builtin ones are never checked; a
 * name, which they do not have, or a health event tells that a provider is none of them.
 */
export function foldSilentProviders(providers: Providers, hosts: Hosts, now: number): ProviderChanges {
  const rows: ProviderRow[] = [];
  for (const [hostId, pulses] of providers.pulses) {
    if (hosts.get(hostId)?.row.status !== "live") continue;
    for (const [id, pulse] of pulses) {
      const row = now - pulse.fromMs > silentAfterMs && providers.get(hostId, id);
      if (row && fallsSilent(row, pulse)) rows.push(silentRow(row, pulse, now));
    }
  }
  return rows.length === 0 ? noProviderChanges : { ...noProviderChanges, rows };
}

function fallsSilent({ health, name }: ProviderRow, { heardMs }: ProviderPulse): boolean {
  return health !== "silent" && (heardMs !== undefined || name !== undefined);
}

function silentRow(row: ProviderRow, { heardMs }: ProviderPulse, now: number): ProviderRow {
  const { health } = row;
  return {
    ...withHealth(row, "silent", now),
    ...(health !== "unknown" && health !== "silent" && { healthBefore: health }),
    ...(heardMs !== undefined && { healthSeenAt: isoTime(heardMs) }),
  };
}

/** Nothing could be heard of the providers of these hosts for a while: their silence counts from now. */
export function foldListening(providers: Providers, hostIds: Iterable<string>, now: number): ProviderChanges {
  const pulses = [...hostIds].flatMap((hostId) =>
    [...(providers.pulses.get(hostId) ?? [])].map(([id, { heardMs }]) => ({
      hostId,
      id,
      pulse: { fromMs: now, heardMs },
    })),
  );
  return { ...noProviderChanges, pulses };
}

function firstPulse({ hostId, id }: ProviderRow, now: number): ProviderChanges["pulses"][number] {
  return { hostId, id, pulse: { fromMs: now } };
}

function withHealth(row: ProviderRow, health: ProviderRow["health"], now: number): ProviderRow {
  const healthAt = health === "unknown" ? undefined : isoTime(now);
  return withoutUndefined({ ...row, health, healthAt, healthBefore: undefined, healthSeenAt: undefined });
}

/** The row of a provider as its host describes it; the given row itself where nothing differs. */
function providerRow(
  host: Pick<HostRow, "id" | "friendlyName">,
  description: ProviderDescription,
  before: ProviderRow | undefined,
): ProviderRow {
  if (before && isDescribed(host, description, before)) return before;
  return withoutUndefined({
    ...sharedFields(host, description, before),
    imageReference: description.imageReference,
    health: before?.health ?? "unknown",
    healthAt: before?.healthAt,
    healthBefore: before?.healthBefore,
    healthSeenAt: before?.healthSeenAt,
  });
}
