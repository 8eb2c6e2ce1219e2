import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { formatCount } from "../ui/format.ts";

export const unbounded = 4_294_967_295;

export type DriftField = "image" | "annotations" | "limits" | "max";

/** One component id over all hosts that run it. */
export interface ComponentGroup {
  id: string;
  rows: readonly ComponentRow[];
  /** Distinct image references, the most used first. */
  images: readonly string[];
  hostCount: number;
  /** Sum of the bounded maxima. */
  total: number;
  /** Hosts on which it has no bound. */
  unboundedHosts: number;
  /** What is not the same on all hosts. */
  drift: readonly DriftField[];
  managedByWadm: boolean;
  changedAt?: string;
  lastFailure?: ComponentRow["lastFailure"];
}

export interface ComponentGroups {
  readonly source: readonly ComponentRow[];
  readonly byId: ReadonlyMap<string, ComponentGroup>;
  readonly list: readonly ComponentGroup[];
}

export const noGroups: ComponentGroups = { source: [], byId: new Map(), list: [] };

/** Groups rows by component id; groups none of whose rows changed stay the same object, and so does the whole. */
export function groupComponents(previous: ComponentGroups, rows: readonly ComponentRow[]): ComponentGroups {
  if (rows === previous.source) return previous;
  const touched = changedIds(previous, rows);
  if (touched?.size === 0) return { ...previous, source: rows };
  const members = collect(rows, touched);
  const byId = touched ? new Map(previous.byId) : new Map<string, ComponentGroup>();
  for (const id of touched ?? []) if (!members.has(id)) byId.delete(id);
  for (const [id, group] of members) byId.set(id, reuse(previous.byId.get(id), group));
  return { source: rows, byId, list: [...byId.values()] };
}

/** Ids whose rows differ, found by position; undefined where rows came or went, so that all must be looked at. */
function changedIds(previous: ComponentGroups, rows: readonly ComponentRow[]): Set<string> | undefined {
  if (rows.length !== previous.source.length) return undefined;
  const ids = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const before = previous.source[index] as ComponentRow;
    if (before === row) continue;
    ids.add(before.id);
    ids.add(row.id);
  }
  return ids;
}

function collect(rows: readonly ComponentRow[], only: ReadonlySet<string> | undefined) {
  const members = new Map<string, ComponentRow[]>();
  for (const row of rows) {
    if (only && !only.has(row.id)) continue;
    const list = members.get(row.id);
    if (list) list.push(row);
    else members.set(row.id, [row]);
  }
  return members;
}

function reuse(before: ComponentGroup | undefined, rows: readonly ComponentRow[]): ComponentGroup {
  const same = before?.rows.length === rows.length && rows.every((row, index) => row === before.rows[index]);
  return before && same ? before : summarize(rows);
}

function summarize(rows: readonly ComponentRow[]): ComponentGroup {
  const bounded = rows.filter((row) => row.maxInstances < unbounded);
  const group: ComponentGroup = {
    id: (rows[0] as ComponentRow).id,
    rows,
    images: byUse(rows.map((row) => row.imageReference)),
    hostCount: rows.length,
    total: bounded.reduce((sum, row) => sum + row.maxInstances, 0),
    unboundedHosts: rows.length - bounded.length,
    drift: driftOf(rows),
    managedByWadm: rows.some((row) => row.managedByWadm),
  };
  const changedAt = latest(rows.map((row) => row.changedAt));
  const lastFailure = latestFailure(rows);
  if (changedAt) group.changedAt = changedAt;
  if (lastFailure) group.lastFailure = lastFailure;
  return group;
}

function byUse(references: readonly string[]): string[] {
  const uses = new Map<string, number>();
  for (const reference of references) uses.set(reference, (uses.get(reference) ?? 0) + 1);
  return [...uses].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([reference]) => reference);
}

/** Which fields differ between hosts; maps are compared without regard to the order of their keys. */
export function driftOf(rows: readonly ComponentRow[]): DriftField[] {
  const read: Record<DriftField, (row: ComponentRow) => string | number> = {
    image: (row) => row.imageReference,
    annotations: (row) => canonical(row.annotations),
    limits: (row) => canonical(row.limits ?? {}),
    max: (row) => row.maxInstances,
  };
  const fields = Object.keys(read) as DriftField[];
  const [first, ...rest] = rows;
  if (!first) return [];
  return fields.filter((field) => rest.some((row) => read[field](row) !== read[field](first)));
}

function canonical(map: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce((newest, time) => (time && (!newest || time > newest) ? time : newest), undefined);
}

function latestFailure(rows: readonly ComponentRow[]): ComponentRow["lastFailure"] {
  return rows.reduce<ComponentRow["lastFailure"]>((newest, { lastFailure }) => {
    if (!lastFailure) return newest;
    return !newest || lastFailure.at > newest.at ? lastFailure : newest;
  }, undefined);
}

/** The total as text: "80", "unbounded", or "80 + 2 unbounded". */
export function totalText({ total, unboundedHosts }: ComponentGroup): string {
  if (unboundedHosts === 0) return formatCount(total);
  if (total === 0) return "unbounded";
  return `${formatCount(total)} + ${unboundedHosts} unbounded`;
}

/** The number of instances a host may run as text: digits, or "unbounded". */
export function maxText(max: number): string {
  return max >= unbounded ? "unbounded" : formatCount(max);
}
