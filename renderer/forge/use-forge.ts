import { useNow } from "../state/clock.ts";
import { placeOf } from "../state/place.ts";
import { useSystemSelection } from "../state/selection.ts";

/** The selected jobs server: its connection, and the place that confirm steps show. */
export function useForge() {
  const { connectionId, profile, status } = useSystemSelection("forge");
  return { connectionId, profile, status, isOpen: status?.state === "open", place: placeOf(profile) };
}

/** A moment that moves in steps, so that what is asked with it can be kept meanwhile. */
export function useSteppedNow(stepMs: number): number {
  return Math.floor(useNow() / stepMs) * stepMs;
}
