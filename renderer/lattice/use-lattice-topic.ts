import type { LatticeRow } from "../../shared/lattice/schema.ts";
import type { TopicState } from "../client/event-stream.ts";
import { useTopic, useTopicField, useTopicRow } from "../client/use-topic.ts";
import { useSelection } from "../state/selection.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";

type LatticeTopic = "lattice.hosts" | "lattice.components" | "lattice.providers" | "lattice.links";

/** One live collection of the selected lattice, with the phase as a table shows it. */
export function useLatticeTopic<Name extends LatticeTopic>(name: Name) {
  const { connectionId, lattice } = useSelection();
  const topic = useTopic(name, { connectionId, lattice });
  const following = useTopicField("lattice.lattices", { connectionId }, lattice, (row) => row.phase);
  return { ...topic, table: tablePhase(topic, following) };
}

/** The lattice that the address names, as it is followed. */
export function useLatticeRow(): LatticeRow | undefined {
  const { connectionId, lattice } = useSelection();
  return useTopicRow("lattice.lattices", { connectionId }, lattice);
}

/** An empty list is no answer as long as the lattice is still being read. */
function tablePhase(
  topic: Pick<TopicState<unknown>, "phase" | "rows">,
  following: LatticeRow["phase"] | undefined,
): TablePhase {
  if (topic.phase === "failed" || topic.phase === "loading") return topic.phase;
  if (topic.rows.length === 0 && following === "reading") return "loading";
  if (topic.phase === "stale" || following === "reconnecting") return "stale";
  return "ready";
}
