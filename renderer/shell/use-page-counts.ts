import { useTopic, useTopicField } from "../client/use-topic.ts";
import type { PageName } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";

/** How much each page holds, as far as it is known without opening the page; renders when one of the counts changes. */
export function usePageCounts(selection: Selection | undefined): Partial<Record<PageName, number>> {
  const connections = useTopic("connections").rows.length;
  const lattice = selection?.system === undefined ? selection?.lattice : undefined;
  const scope = { connectionId: lattice === undefined ? undefined : selection?.connectionId };
  const hosts = useTopicField(
    "lattice.lattices",
    scope,
    lattice,
    ({ hosts: { live, stale, lost } }) => live + stale + lost,
  );
  const components = useTopicField("lattice.lattices", scope, lattice, (row) => row.components);
  const providers = useTopicField("lattice.lattices", scope, lattice, (row) => row.providers);
  const links = useTopicField("lattice.lattices", scope, lattice, (row) =>
    row.links === 0 && row.linksReadAt === undefined ? undefined : row.links,
  );
  if (hosts === undefined || components === undefined || providers === undefined) return { connections };
  return { hosts, components, providers, ...(links !== undefined && { links }), connections };
}
