import { dateText } from "../../../shared/contract/index.ts";
import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../../shared/lattice/schema.ts";
import type { ComponentDescription, Link, ProviderDescription, StringMap } from "../client/control-types.ts";

const unbounded = 4_294_967_295;

let lastIso = { ms: Number.NaN, text: "" };

/** Milliseconds since 1970 as the contract's date text, never throws; many events share one millisecond. */
export function isoTime(ms: number): string {
  if (lastIso.ms !== ms) lastIso = { ms, text: dateText(ms) };
  return lastIso.text;
}

/** A host that was only heard of. */
export function newHostRow(id: string, periodMs: number, now: number): HostRow {
  return {
    id,
    friendlyName: `${id.slice(0, 8)}…`,
    version: "",
    labels: {},
    status: "live",
    statusSince: isoTime(now),
    heartbeatSeconds: periodMs / 1_000,
    componentCount: 0,
    instanceCount: 0,
    providerCount: 0,
  };
}

/** How much a component adds to the host's instance count; unbounded counts as 1. */
export function instancesOf(row: Pick<ComponentRow, "maxInstances"> | undefined): number {
  if (!row) return 0;
  return row.maxInstances === unbounded ? 1 : row.maxInstances;
}

/** Whether wadm manages the workload, by the annotations it writes (wasmcloud-control trap 42). */
export function isManagedByWadm(annotations: StringMap): boolean {
  return "wasmcloud.dev/managed-by" in annotations || "wasmcloud.dev/appspec" in annotations;
}

type Host = Pick<HostRow, "id" | "friendlyName">;

/** The row of a component as its host describes it; the given row itself where nothing differs. */
export function componentRow(
  host: Host,
  description: ComponentDescription,
  before: ComponentRow | undefined,
): ComponentRow {
  const same =
    before &&
    sameWorkload(host, description, before) &&
    before.maxInstances === description.maxInstances &&
    sameMap(before.limits, description.limits);
  if (same) return before;
  return withoutUndefined({
    ...workloadFields(host, description, before),
    imageReference: description.imageReference,
    maxInstances: description.maxInstances,
    limits: description.limits,
  });
}

/** The row of a provider as its host describes it; the given row itself where nothing differs. */
export function providerRow(
  host: Host,
  description: ProviderDescription,
  before: ProviderRow | undefined,
): ProviderRow {
  if (before && sameWorkload(host, description, before)) return before;
  return withoutUndefined({
    ...workloadFields(host, description, before),
    imageReference: description.imageReference,
    health: before?.health ?? "unknown",
    healthAt: before?.healthAt,
    healthBefore: before?.healthBefore,
    healthSeenAt: before?.healthSeenAt,
  });
}

function sameWorkload(
  host: Host,
  description: ComponentDescription | ProviderDescription,
  before: ComponentRow | ProviderRow,
): boolean {
  return (
    before.imageReference === description.imageReference &&
    before.revision === description.revision &&
    before.name === description.name &&
    before.hostName === host.friendlyName &&
    sameMap(before.annotations, description.annotations ?? {})
  );
}

function workloadFields(
  host: Host,
  description: ComponentDescription | ProviderDescription,
  before: ComponentRow | ProviderRow | undefined,
) {
  const annotations = description.annotations ?? {};
  return {
    hostId: host.id,
    hostName: host.friendlyName,
    id: description.id,
    name: description.name,
    annotations,
    revision: description.revision,
    managedByWadm: isManagedByWadm(annotations),
    changedAt: before?.changedAt,
    lastFailure: before?.lastFailure,
  };
}

/** The row of a link; the given row itself where nothing differs. */
export function linkRow(link: Link, before: LinkRow | undefined): LinkRow {
  const same =
    before &&
    sameList(before.interfaces, link.interfaces) &&
    sameList(before.sourceConfig, link.sourceConfig) &&
    sameList(before.targetConfig, link.targetConfig);
  return same ? before : { ...link };
}

/** Whether two hosts' rows say the same. */
export function sameHost(a: HostRow, b: HostRow): boolean {
  return coversHost(a, b) && coversHost(b, a) && sameMap(a.labels, b.labels);
}

function coversHost(a: HostRow, b: HostRow): boolean {
  for (const field in a) {
    if (field !== "labels" && a[field as keyof HostRow] !== b[field as keyof HostRow]) return false;
  }
  return true;
}

/** Whether two string maps hold the same; their order has no meaning (wasmcloud-control §3.0). */
export function sameMap(a: StringMap | undefined, b: StringMap | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  let size = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    size += 1;
  }
  for (const _ in b) size -= 1;
  return size === 0;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Optional fields that are not set stay away from the row, as the contract writes them. */
export function withoutUndefined<Row extends object>(row: Row): Row {
  for (const field of Object.keys(row) as (keyof Row)[]) if (row[field] === undefined) delete row[field];
  return row;
}
