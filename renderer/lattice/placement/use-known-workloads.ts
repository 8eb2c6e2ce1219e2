import { useMemo } from "react";
import { useLatticeTopic } from "../use-lattice-topic.ts";
import type { WorkloadKind } from "./auction-form.ts";

/** What runs already, to complete with and to warn of. */
export interface KnownWorkloads {
  ids: readonly string[];
  imagesOf: (id: string) => string[];
  /** Ids of the hosts on which this one runs at present. */
  hostsOf: (id: string) => ReadonlySet<string>;
}

/** The components or providers of the selected lattice by id, live. */
export function useKnownWorkloads(kind: WorkloadKind): KnownWorkloads {
  const components = useLatticeTopic("lattice.components").rows;
  const providers = useLatticeTopic("lattice.providers").rows;
  const rows = kind === "component" ? components : providers;
  return useMemo(() => {
    const of = (id: string) => rows.filter((row) => row.id === id);
    return {
      ids: [...new Set(rows.map(({ id }) => id))].sort(),
      imagesOf: (id) => [...new Set(of(id).flatMap(({ imageReference }) => imageReference ?? []))],
      hostsOf: (id) => new Set(of(id).map(({ hostId }) => hostId)),
    };
  }, [rows]);
}

/** The ids of what runs in the selected lattice, live. */
export function useKnownIds(): Record<WorkloadKind, ReadonlySet<string>> {
  const components = useLatticeTopic("lattice.components").rows;
  const providers = useLatticeTopic("lattice.providers").rows;
  return useMemo(
    () => ({
      component: new Set(components.map(({ id }) => id)),
      provider: new Set(providers.map(({ id }) => id)),
    }),
    [components, providers],
  );
}
