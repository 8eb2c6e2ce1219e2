import type { HostRow } from "../../shared/lattice/schema.ts";

const urgency: Record<HostRow["status"], number> = { lost: 0, stale: 1, live: 2, stopped: 3 };

/** Hosts that need a look first, then by name; those that were stopped in order come last. */
export function hostsByConcern(hosts: readonly HostRow[]): HostRow[] {
  return [...hosts].sort(
    (a, b) => urgency[a.status] - urgency[b.status] || (a.friendlyName < b.friendlyName ? -1 : 1),
  );
}
