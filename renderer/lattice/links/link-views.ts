import { useMemo, useRef } from "react";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { latticeTopics } from "../../../shared/lattice/topics.ts";
import { useLatticeTopic } from "../use-lattice-topic.ts";

type End = "source" | "target";

/** What runs by an id, wherever in the lattice. */
export type Ends = ReadonlyMap<string, "component" | "provider">;

/** A link and which of its ends nothing runs at. */
export interface LinkView {
  key: string;
  link: LinkRow;
  missing: readonly End[];
}

/** Names one link in addresses: unlike the key of a deletion it has the target in it. */
export const linkKey = latticeTopics["lattice.links"].key;

/** `wasi:http`. */
export function witOf({ witNamespace, witPackage }: Pick<LinkRow, "witNamespace" | "witPackage">): string {
  return `${witNamespace}:${witPackage}`;
}

/** Joins links with what runs; a view that would be the same stays the same object, so that its row is not drawn anew. */
export function viewLinks(before: readonly LinkView[], links: readonly LinkRow[], ends: Ends): LinkView[] {
  const known = new Map(before.map((view) => [view.key, view]));
  return links.map((link) => {
    const key = linkKey(link);
    const missing: End[] = [];
    if (!ends.has(link.sourceId)) missing.push("source");
    if (!ends.has(link.target)) missing.push("target");
    const former = known.get(key);
    const same = former?.link === link && former.missing.join() === missing.join();
    return same ? former : { key, link, missing };
  });
}

/** What runs in the selected lattice, by id. */
function useEnds(): Ends {
  const components = useLatticeTopic("lattice.components").rows;
  const providers = useLatticeTopic("lattice.providers").rows;
  return useMemo(
    () =>
      new Map([
        ...components.map(({ id }) => [id, "component"] as const),
        ...providers.map(({ id }) => [id, "provider"] as const),
      ]),
    [components, providers],
  );
}

/** The links of the selected lattice, live. */
export function useLinkViews() {
  const links = useLatticeTopic("lattice.links");
  const ends = useEnds();
  const last = useRef<readonly LinkView[]>([]);
  const views = useMemo(() => viewLinks(last.current, links.rows, ends), [links.rows, ends]);
  last.current = views;
  return { ...links, views, ends };
}
