import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import type { Selected } from "./ui-store.ts";

/** Where a change would happen, as the confirm step shows it; without a profile nothing can be changed. */
export function placeOf(profile: ConnectionProfile | undefined) {
  if (!profile)
    return { name: "unknown connection", environment: "?", color: "#8d9db0", guard: "read-only" } as const;
  const { id, name, environment, color, guard, relockMinutes } = profile;
  return { connectionId: id, name, environment, color, guard, relockMinutes };
}

/** What is selected when somebody goes to a connection. */
export function selectedBy(profile: ConnectionProfile): Selected {
  const connectionId = profile.id;
  return profile.system === "lattice"
    ? { connectionId, lattice: profile.target.lattice }
    : { system: profile.system, connectionId };
}
