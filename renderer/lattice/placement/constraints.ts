import { ownValue } from "../../../shared/contract/index.ts";
import type { HostRow } from "../../../shared/lattice/schema.ts";

/** Something to complete with, and how many hosts have it. */
export interface Completion {
  text: string;
  hosts: number;
}

/** The label keys of these hosts: those that somebody chose before those that every host has by itself. */
export function keyCompletions(hosts: readonly HostRow[]): Completion[] {
  return counted(hosts.flatMap(({ labels }) => Object.keys(labels))).sort(
    (a, b) =>
      Number(isOwn(a.text)) - Number(isOwn(b.text)) || b.hosts - a.hosts || (a.text < b.text ? -1 : 1),
  );
}

/** The values that these hosts have for a label, the most frequent first. */
export function valueCompletions(hosts: readonly HostRow[], key: string): Completion[] {
  return counted(hosts.flatMap(({ labels }) => ownValue(labels, key.trim()) ?? [])).sort(
    (a, b) => b.hosts - a.hosts || (a.text < b.text ? -1 : 1),
  );
}

/** The hosts whose labels are exactly so, as hosts compare them (wasmcloud-control §5.6). */
export function hostsThatFit(
  hosts: readonly HostRow[],
  constraints: Readonly<Record<string, string>>,
): HostRow[] {
  const wanted = Object.entries(constraints);
  return hosts.filter(({ labels }) => wanted.every(([key, value]) => ownValue(labels, key) === value));
}

function isOwn(key: string): boolean {
  return key.startsWith("hostcore.");
}

function counted(texts: readonly string[]): Completion[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, hosts]) => ({ text, hosts }));
}
