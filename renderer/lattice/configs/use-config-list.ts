import { useEffect, useRef } from "react";
import { refreshOperations, useOperation } from "../../client/query.ts";
import { useSelection } from "../../state/selection.ts";

const watchMs = 2_000;

/** The names of the selected lattice's configs, as far as they can be known. */
export function useConfigList() {
  const { connectionId, lattice } = useSelection();
  return useOperation("lattice.configs.list", { connectionId, lattice });
}

/** Reads what is shown of configs again when an event in the log tells that one was stored or deleted. */
export function useConfigChanges(): void {
  const { connectionId, lattice } = useSelection();
  const newest = useOperation(
    "events.search",
    { connectionId, lattice, filter: "kind:config", limit: 1 },
    { refetchInterval: watchMs },
  );
  const sequence = newest.data ? (newest.data.rows[0]?.sequence ?? 0) : undefined;
  const seen = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (sequence === undefined) return;
    const changed = seen.current !== undefined && seen.current !== sequence;
    seen.current = sequence;
    if (changed) refreshConfigs();
  }, [sequence]);
}

/** Reads what is shown of configs again. */
export function refreshConfigs(): void {
  void refreshOperations("lattice.configs.list", "lattice.configs.get", "lattice.configs.usage");
}
