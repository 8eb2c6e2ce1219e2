import type { ConnectionProfile } from "../../shared/connections/schema.ts";

/** Where a change would happen, as the confirm step shows it; without a profile nothing can be changed. */
export function placeOf(profile: ConnectionProfile | undefined) {
  if (!profile)
    return { name: "unknown connection", environment: "?", color: "#8d9db0", guard: "read-only" } as const;
  const { name, environment, color, guard } = profile;
  return { name, environment, color, guard };
}
