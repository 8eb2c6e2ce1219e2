import type { ProfileOf } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";

/** A connection that has no server's address: only what Valkey tells is known. */
export function isDirect(profile: ProfileOf<"flowfabric"> | undefined): boolean {
  return profile !== undefined && profile.target.url === undefined;
}

/** The rotations of the selected server, live, newest first. */
export function useRotations() {
  const { connectionId } = useSystem("flowfabric");
  const topic = useTopic("flowfabric.rotations", { connectionId });
  const rows = [...topic.rows].sort((left, right) => (left.id < right.id ? 1 : -1));
  return { rows, phase: topic.phase, failure: topic.failure };
}
