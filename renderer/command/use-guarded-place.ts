import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { isOwnWindow } from "../client/call.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { placeOf } from "../state/place.ts";
import type { GuardedPlace } from "../ui/guarded-actions.tsx";

/**
 * Where a change of a guard, or of what is guarded, is confirmed. In the console's own window a read-only connection may
 * be loosened by typing its name; a browser is refused.
 */
export function useGuardedPlace(
  profile: ConnectionProfile | undefined,
  { mayLiftReadOnly = false } = {},
): GuardedPlace {
  const unlock = useTopicRow("guards", {}, profile?.id ?? "");
  const place = placeOf(profile);
  if (place.guard === "read-only" && profile && mayLiftReadOnly && isOwnWindow())
    return { ...place, guard: "protected", relockMinutes: 0 };
  return { ...place, unlockedUntil: unlock?.unlockedUntil };
}
