import { useMemo } from "react";
import { useNavigate } from "react-router";
import { systems } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { isConsolePage, pagesOf, pathTo, systemOf } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import type { Selection } from "../state/selection.ts";
import { useShortcutRegistry } from "../ui/shortcuts.ts";
import { lookOf } from "../ui/state-look.ts";
import { connectionOf } from "./other-systems.tsx";
import { pageLooks } from "./pages.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { inOrder } from "./shortcut-order.ts";
import { useFlowfabricParts } from "./use-flowfabric-parts.ts";
import { useFluxEntries } from "./use-flux-entries.ts";
import { useLatticeEntries } from "./use-lattice-entries.ts";
import { useSystemEntries } from "./use-system-entries.ts";

/** Everything that the palette can find; follows the big topics only while the palette is open. */
export function usePaletteEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const actions = useActionEntries();
  const places = usePlaceEntries(selection);
  const inLattice = useLatticeEntries(selection);
  const inSystem = useSystemEntries(selection);
  const inFlux = useFluxEntries(selection);
  const inFlowfabric = useFlowfabricParts(selection);
  const elsewhere = useElsewhereEntries(selection);
  return useMemo(
    () => [
      ...actions.here,
      ...places,
      ...inLattice,
      ...inSystem,
      ...inFlux,
      ...inFlowfabric,
      ...elsewhere,
      ...actions.always,
    ],
    [actions, places, inLattice, inSystem, inFlux, inFlowfabric, elsewhere],
  );
}

/** What can be done: on this page and from it first, and what is the same everywhere. */
function useActionEntries(): Record<"here" | "always", readonly PaletteEntry[]> {
  const shortcuts = useShortcutRegistry((state) => state.shortcuts);
  return useMemo(() => {
    const entries = inOrder(shortcuts.filter((one) => !one.keyOnly)).map(
      (one): PaletteEntry => ({ ...one, id: `action ${one.id}` }),
    );
    const isAlways = ({ group }: PaletteEntry) => group === "View" || group === "Help";
    return { here: entries.filter((entry) => !isAlways(entry)), always: entries.filter(isAlways) };
  }, [shortcuts]);
}

function usePlaceEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const connections = useTopic("connections").rows;
  const connectionId = selection?.system === undefined ? selection?.connectionId : undefined;
  const lattices = useTopic("lattice.lattices", { connectionId }).rows;
  return useMemo(() => {
    const toConnections = connections.map(
      ({ profile, status }): PaletteEntry => ({
        id: `connection ${profile.id}`,
        group: "Connections",
        label: profile.name,
        detail: profile.environment,
        glyph: lookOf(status.state),
        run: () => navigate(pathTo("overview", selectedBy(profile))),
      }),
    );
    const toLattices = lattices.map((row): PaletteEntry => {
      const target = { connectionId: connectionId ?? "", lattice: row.lattice };
      return {
        id: `lattice ${row.lattice}`,
        group: "Lattices",
        label: row.lattice,
        glyph: lookOf(row.phase),
        run: () => navigate(pathTo("overview", target)),
      };
    });
    return [...toConnections, ...toLattices];
  }, [connections, lattices, connectionId, navigate]);
}

/** The pages of the other systems, each in the connection that the navigation leads to. */
function useElsewhereEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const { rows } = useTopic("connections");
  const here = selection && systemOf(selection);
  return useMemo(
    () =>
      systems.flatMap((system) => {
        const row = system === here ? undefined : connectionOf(rows, system);
        if (!row) return [];
        const target = selectedBy(row.profile);
        const pages = pagesOf(target).filter((page) => !isConsolePage(page));
        return pages.map(
          (page): PaletteEntry => ({
            id: `elsewhere ${system} ${page}`,
            group: "Pages of other systems",
            label: pageLooks[page].title,
            detail: row.profile.name,
            run: () => navigate(pathTo(page, target)),
          }),
        );
      }),
    [rows, here, navigate],
  );
}
