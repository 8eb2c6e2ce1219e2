import { useEffect, useMemo, useRef } from "react";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { refreshOperations, useOperation } from "../../client/query.ts";
import { useNewestEvents } from "../../client/use-newest-events.ts";
import { useSelection } from "../../state/selection.ts";

/** The names of the selected lattice's configs, as far as they can be known. */
export function useConfigList() {
  const { connectionId, lattice } = useSelection();
  return useOperation("lattice.configs.list", { connectionId, lattice });
}

/**
 * Reads what is shown of configs again when an event in the log tells that one was stored or deleted, and when links
 * name others than before.
 */
export function useConfigChanges(links: readonly LinkRow[]): void {
  const { connectionId, lattice } = useSelection();
  const { rows } = useNewestEvents({ connectionId, lattice, filter: "kind:config", limit: 1 });
  useRefreshAtChange(rows && String(rows[0]?.sequence ?? ""));
  useRefreshAtChange(useMemo(() => namesIn(links), [links]));
}

function useRefreshAtChange(mark: string | undefined): void {
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (mark === undefined) return;
    const changed = seen.current !== undefined && seen.current !== mark;
    seen.current = mark;
    if (changed) refreshConfigs();
  }, [mark]);
}

function namesIn(links: readonly LinkRow[]): string {
  const names = links.flatMap(({ sourceConfig, targetConfig }) => [...sourceConfig, ...targetConfig]);
  return [...new Set(names)].sort().join(" ");
}

/** Reads what is shown of configs again. */
function refreshConfigs(): void {
  void refreshOperations("lattice.configs.list", "lattice.configs.get", "lattice.configs.usage");
}
