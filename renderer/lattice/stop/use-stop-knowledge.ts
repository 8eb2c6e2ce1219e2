import { useTopic, useTopicField } from "../../client/use-topic.ts";
import { useSelection } from "../../state/selection.ts";

/** Hosts and links of the selected lattice, and everything of one kind that runs in it. */
export function useStopKnowledge(kind: "lattice.components" | "lattice.providers") {
  const { connectionId, lattice } = useSelection();
  const scope = { connectionId, lattice };
  const hosts = useTopic("lattice.hosts", scope).rows;
  const links = useTopic("lattice.links", scope).rows;
  const linksReadAt = useTopicField("lattice.lattices", { connectionId }, lattice, (row) => row.linksReadAt);
  const all = useTopic(kind, scope).rows;
  return { hosts, links, linksReadAt, all };
}
