import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { LinkRow } from "../../shared/lattice/schema.ts";
import { latticeTopics, workloadKey } from "../../shared/lattice/topics.ts";
import { useTopic } from "../client/use-topic.ts";
import type { PageName } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { type Entity, entityEntries } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** Hosts, components, providers and links of the selected lattice; empty elsewhere. */
export function useLatticeEntries(selection: Selection | undefined): readonly PaletteEntry[] {
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
    const listed = (page: PageName, group: string, entities: readonly Entity[]) =>
      entityEntries({ page, group, selected: { connectionId, lattice }, navigate }, entities);
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
        })),
      ),
      ...listed("components", "Components", components.map(workload)),
      ...listed(
        "providers",
        "Providers",
        providers.map((row) => ({ ...workload(row), state: row.health })),
      ),
      ...listed("links", "Links", links.map(link)),
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
