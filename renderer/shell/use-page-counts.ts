import { useTopic, useTopicRow } from "../client/use-topic.ts";
import type { PageName } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";

/** How much each page holds, as far as it is known without opening the page. */
export function usePageCounts(selection: Selection | undefined): Partial<Record<PageName, number>> {
  const connections = useTopic("connections").rows.length;
  const lattice = selection?.system === undefined ? selection?.lattice : undefined;
  const connectionId = lattice === undefined ? undefined : selection?.connectionId;
  const row = useTopicRow("lattice.lattices", { connectionId }, lattice);
  if (!row) return { connections };
  const { live, stale, lost } = row.hosts;
  return {
    hosts: live + stale + lost,
    components: row.components,
    providers: row.providers,
    connections,
  };
}
