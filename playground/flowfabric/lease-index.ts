import type { RedisKeystores } from "./redis-keystores.ts";
import type { ServerState } from "./state.ts";

/** Keeps ff-server's index of leases on Redis in step with the state; call it again after each change. */
export function leaseIndex(state: ServerState, keystores: RedisKeystores): () => Promise<void> {
  const expired = new Map<string, number>();
  let known = new Map<string, number>();
  return async () => {
    const now = state.now();
    const leases = new Map<string, number>();
    for (const { id, vector, lease } of state.executions.values()) {
      if (vector.ownership_state === "lease_expired_reclaimable") {
        const at = expired.get(id) ?? Math.min(lease?.expiresAt ?? now, now - 1);
        expired.set(id, at);
        leases.set(id, at);
      } else {
        expired.delete(id);
        // Workers of the playground that live renew their leases in time.
        if (vector.ownership_state === "leased") leases.set(id, now + 30_000);
      }
    }
    const gone = [...known.keys()].filter((id) => !leases.has(id));
    known = leases;
    await keystores.updateLeases(leases, gone);
  };
}
