import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { LinkRow } from "../../shared/lattice/schema.ts";
import { latticeTopics, workloadKey } from "../../shared/lattice/topics.ts";
import { useTopic } from "../client/use-topic.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import type { Selection } from "../state/selection.ts";
import { useShortcutRegistry } from "../ui/shortcuts.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { useFluxEntries } from "./use-flux-entries.ts";

/** Everything that the palette can find; follows the big topics only while the palette is open. */
export function usePaletteEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const actions = useActionEntries();
  const places = usePlaceEntries(selection);
  const entities = useEntityEntries(selection);
  const flux = useFluxEntries(selection);
  return useMemo(() => [...actions, ...places, ...entities, ...flux], [actions, places, entities, flux]);
}

function useActionEntries(): readonly PaletteEntry[] {
  const shortcuts = useShortcutRegistry((state) => state.shortcuts);
  return useMemo(
    () => shortcuts.filter((one) => !one.keyOnly).map((one) => ({ ...one, id: `action ${one.id}` })),
    [shortcuts],
  );
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

interface Entity {
  key: string;
  label: string;
  detail: string;
  keywords: string;
  state?: string;
}

function useEntityEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const scope =
    selection?.system === undefined
      ? { connectionId: selection?.connectionId, lattice: selection?.lattice }
      : { connectionId: undefined, lattice: undefined };
  const hosts = useTopic("lattice.hosts", scope).rows;
  const components = useTopic("lattice.components", scope).rows;
  const providers = useTopic("lattice.providers", scope).rows;
  const links = useTopic("lattice.links", scope).rows;
  const { connectionId, lattice } = scope;
  return useMemo(() => {
    if (!connectionId || !lattice) return [];
    const open = (page: PageName, key: string) =>
      navigate(`${pathTo(page, { connectionId, lattice })}?open=${encodeURIComponent(key)}`);
    const entry = (page: PageName, group: string, entity: Entity): PaletteEntry => ({
      id: `${page} ${entity.key}`,
      group,
      label: entity.label,
      detail: entity.detail,
      keywords: entity.keywords,
      ...(entity.state ? { glyph: lookOf(entity.state) } : {}),
      run: () => open(page, entity.key),
    });
    return [
      ...hosts.map((row) =>
        entry("hosts", "Hosts", {
          key: row.id,
          label: row.friendlyName,
          detail: row.version,
          keywords: `${row.id} ${Object.values(row.labels).join(" ")}`,
          state: row.status,
        }),
      ),
      ...components.map((row) => entry("components", "Components", workload(row))),
      ...providers.map((row) => entry("providers", "Providers", { ...workload(row), state: row.health })),
      ...links.map((row) => entry("links", "Links", link(row))),
    ];
  }, [hosts, components, providers, links, connectionId, lattice, navigate]);
}

function workload(row: { hostId: string; id: string; hostName: string; imageReference?: string }): Entity {
  return {
    key: workloadKey(row),
    label: row.id,
    detail: `on ${row.hostName}`,
    keywords: row.imageReference ?? "",
  };
}

function link(row: LinkRow): Entity {
  return {
    key: latticeTopics["lattice.links"].key(row),
    label: `${row.sourceId} → ${row.target}`,
    detail: `${row.witNamespace}:${row.witPackage}`,
    keywords: `${row.name} ${row.interfaces.join(" ")}`,
  };
}
