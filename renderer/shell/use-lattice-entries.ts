import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { ComponentRow, LinkRow, ProviderRow } from "../../shared/lattice/schema.ts";
import { latticeTopics, workloadKey } from "../../shared/lattice/topics.ts";
import { useTopic } from "../client/use-topic.ts";
import type { SelectedLattice } from "../state/ui-store.ts";
import { formatQuantity } from "../ui/format.ts";
import { type Entity, listIn, subjectOf } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** Hosts, components, providers and links of a lattice; empty without one. */
export function useLatticeEntries(target: SelectedLattice | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const { connectionId, lattice } = target ?? {};
  const scope = { connectionId, lattice };
  const hosts = useTopic("lattice.hosts", scope).rows;
  const components = useTopic("lattice.components", scope).rows;
  const providers = useTopic("lattice.providers", scope).rows;
  const links = useTopic("lattice.links", scope).rows;
  return useMemo(() => {
    if (!connectionId || !lattice) return [];
    const listed = listIn({ connectionId, lattice }, navigate);
    return [
      ...listed(
        "hosts",
        "Hosts",
        hosts.map((row) => ({
          key: row.id,
          label: row.friendlyName,
          detail: row.version,
          keywords: `${row.id} ${Object.values(row.labels).join(" ")}`,
          state: row.status,
          ...subjectOf("host", [row]),
        })),
      ),
      ...listed("components", "Components", [...byId(components)].map(component)),
      ...listed("providers", "Providers", providers.map(provider)),
      ...listed("links", "Links", links.map(link)),
    ];
  }, [hosts, components, providers, links, connectionId, lattice, navigate]);
}

function byId(rows: readonly ComponentRow[]): Map<string, ComponentRow[]> {
  const groups = new Map<string, ComponentRow[]>();
  for (const row of rows) {
    const members = groups.get(row.id);
    if (members) members.push(row);
    else groups.set(row.id, [row]);
  }
  return groups;
}

function component([id, rows]: [string, readonly ComponentRow[]]): Entity {
  const [first] = rows;
  return {
    key: id,
    label: id,
    detail: `on ${rows.length === 1 && first ? first.hostName : formatQuantity(rows.length, "host")}`,
    keywords: [...new Set(rows.flatMap(({ imageReference, hostName }) => [imageReference, hostName]))].join(
      " ",
    ),
    ...subjectOf("component", rows),
  };
}

function provider(row: ProviderRow): Entity {
  return {
    key: workloadKey(row),
    label: row.id,
    detail: `on ${row.hostName}`,
    keywords: row.imageReference ?? "",
    state: row.health,
    ...subjectOf("provider", [row]),
  };
}

function link(row: LinkRow): Entity {
  return {
    key: latticeTopics["lattice.links"].key(row),
    label: `${row.sourceId} → ${row.target}`,
    detail: `${row.witNamespace}:${row.witPackage}`,
    keywords: `${row.name} ${row.interfaces.join(" ")}`,
    ...subjectOf("link", [row]),
  };
}
