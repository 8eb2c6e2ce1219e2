import type { ProviderRow } from "../../../shared/lattice/schema.ts";
import type { HealthEventType, KnownEvent } from "../events/event-types.ts";
import { noteProvider } from "./fold-workloads.ts";
import type { InventoryDraft } from "./inventory-draft.ts";
import { isoTime, withoutUndefined } from "./inventory-rows.ts";

/** Hosts check a provider every 30 s and say so if it answers; after two periods, and a little, it does not. */
const silentAfterMs = 65_000;

/**
 * Folds health (wasmcloud-control §4.11, traps 11 and 49): `passed` and `failed` tell what it is, `status` that the
 * provider answers and that it is what it was.
 */
export function foldHealth(
  draft: InventoryDraft,
  event: Extract<KnownEvent, { type: HealthEventType }>,
): void {
  const { source: hostId, providerId: id } = event;
  const row = draft.state.provider(hostId, id);
  if (!row) {
    draft.needsRead(hostId);
    return;
  }
  draft.putPulse(hostId, id, { fromMs: draft.now, heardMs: draft.now });
  if (event.type === "health_check_status") {
    if (row.health === "silent") draft.putProvider(turned(draft, row, row.healthBefore ?? "unknown"));
    return;
  }
  if (noteProvider(draft, event)) return;
  const health = event.type === "health_check_passed" ? "healthy" : "unhealthy";
  if (row.health !== health) draft.putProvider(turned(draft, row, health));
}

/**
 * A provider that hangs or died is announced by nobody: only what is missing tells. Builtin ones are never checked; a
 * name, which they do not have, or a health event tells that a provider is none of them.
 */
export function foldSilentProviders(draft: InventoryDraft): void {
  for (const { row: host, providers, pulses } of draft.state.hosts.values()) {
    if (host.status !== "live") continue;
    for (const [id, { fromMs, heardMs }] of pulses) {
      if (draft.now - fromMs <= silentAfterMs) continue;
      const row = providers.get(id);
      if (!row || row.health === "silent" || (heardMs === undefined && row.name === undefined)) continue;
      draft.putProviderRow({
        ...turned(draft, row, "silent"),
        ...(row.health !== "unknown" && { healthBefore: row.health }),
        ...(heardMs !== undefined && { healthSeenAt: isoTime(heardMs) }),
      });
    }
  }
}

function turned(draft: InventoryDraft, row: ProviderRow, health: ProviderRow["health"]): ProviderRow {
  const healthAt = health === "unknown" ? undefined : draft.nowText;
  return withoutUndefined({ ...row, health, healthAt, healthBefore: undefined, healthSeenAt: undefined });
}
