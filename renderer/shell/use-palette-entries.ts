import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { type System, systems } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { useActionStore } from "../command/action.ts";
import { isConsolePage, pagesOf, pathTo, systemOf } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import type { Selection } from "../state/selection.ts";
import type { Selected, SelectedSystem } from "../state/ui-store.ts";
import { useShortcutRegistry } from "../ui/shortcuts.ts";
import { lookOf } from "../ui/state-look.ts";
import { connectionOf } from "./other-systems.tsx";
import { pageLooks } from "./pages.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { inOrder } from "./shortcut-order.ts";
import { useFlowfabricParts } from "./use-flowfabric-parts.ts";
import { useFluxEntries } from "./use-flux-entries.ts";
import { useLatticeEntries } from "./use-lattice-entries.ts";
import { useFlowfabricEntries, useForgeEntries } from "./use-system-entries.ts";

/**
 * Everything that the palette can find; follows the big topics only while the palette is open, and those of other
 * systems than the selected one only as soon as something is looked for.
 */
export function usePaletteEntries(selection: Selection | undefined, query: string): readonly PaletteEntry[] {
  const actions = useActionEntries();
  const places = usePlaceEntries(selection);
  const targets = useTargets(selection, query.trim() !== "");
  const listed = useThingEntries(targets, selection, query);
  const starting = useStartingEntries(targets);
  const elsewhere = useElsewhereEntries(selection);
  return useMemo(() => {
    const known = new Set(actions.here.map(({ label }) => label));
    return [
      ...actions.here,
      ...starting.filter(({ label }) => !known.has(label)),
      ...places,
      ...listed,
      ...elsewhere,
      ...actions.always,
    ];
  }, [actions, starting, places, listed, elsewhere]);
}

type Targets = ReadonlyMap<System, Selected>;

/** Where things are looked for: what is selected, and else the open connection of each system. */
function useTargets(selection: Selection | undefined, everywhere: boolean): Targets {
  const { rows } = useTopic("connections");
  const selected = selection && JSON.stringify(targetOf(selection));
  return useMemo(() => {
    const targets = new Map<System, Selected>();
    const here = selected === undefined ? undefined : (JSON.parse(selected) as Selected);
    if (here) targets.set(systemOf(here), here);
    for (const system of everywhere ? systems : []) {
      const row = targets.has(system) ? undefined : connectionOf(rows, system);
      if (row?.status.state === "open") targets.set(system, selectedBy(row.profile));
    }
    return targets;
  }, [rows, selected, everywhere]);
}

function targetOf(selection: Selection): Selected {
  const { connectionId } = selection;
  return selection.system === undefined
    ? { connectionId, lattice: selection.lattice }
    : { system: selection.system, connectionId };
}

/** What the systems list, that of the selected one first. */
function useThingEntries(
  targets: Targets,
  selection: Selection | undefined,
  query: string,
): readonly PaletteEntry[] {
  const lattice = targets.get("lattice");
  const idOf = (system: SelectedSystem["system"]) => targets.get(system)?.connectionId;
  // What no topic brings is asked for, and is not there to be asked for where the connection is closed.
  const isClosed = selection !== undefined && selection.status?.state !== "open";
  const openIdOf = (system: SelectedSystem["system"]) =>
    isClosed && selection.system === system ? undefined : idOf(system);
  const inLattice = useLatticeEntries(lattice?.system === undefined ? lattice : undefined);
  const inForge = useForgeEntries(openIdOf("forge"), query);
  const inFlux = useFluxEntries(idOf("flux"));
  // Its lists take hundreds of requests: they are read where one is, and elsewhere shown as far as they are known.
  const isSelected = selection?.system === "flowfabric";
  const inFlowfabric = useFlowfabricEntries(openIdOf("flowfabric"), isSelected);
  const flowfabricParts = useFlowfabricParts(openIdOf("flowfabric"), isSelected);
  return useMemo(() => {
    const bySystem: Record<System, readonly PaletteEntry[]> = {
      lattice: inLattice,
      forge: inForge,
      flux: inFlux,
      flowfabric: [...inFlowfabric, ...flowfabricParts],
    };
    return [...targets.keys()].flatMap((system) => bySystem[system]);
  }, [targets, inLattice, inForge, inFlux, inFlowfabric, flowfabricParts]);
}

/** The actions that begin with nothing selected, in each system that is looked in. */
function useStartingEntries(targets: Targets): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const catalogue = useActionCatalogue();
  return useMemo(
    () =>
      [...targets].flatMap(([system, target]) =>
        (catalogue?.actionsWithoutThing[system] ?? []).map(({ page, action }): PaletteEntry => {
          const where = pathTo(page, target);
          return {
            id: `begin ${where} ${action.id}`,
            group: "Actions",
            label: action.label([]),
            detail: pageLooks[page].title,
            keywords: action.synonyms ?? "",
            run: () => {
              void navigate(where);
              useActionStore.getState().ask({ action, things: [], where });
            },
          };
        }),
      ),
    [targets, catalogue, navigate],
  );
}

/** The actions of all systems with their dialogs; fetched as the palette is first opened. */
export function useActionCatalogue() {
  return useQuery({
    queryKey: ["action catalogue"],
    queryFn: () => import("./action-catalogue.ts"),
    gcTime: Number.POSITIVE_INFINITY,
  }).data;
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
