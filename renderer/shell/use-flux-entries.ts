import { useMemo } from "react";
import { useOperations } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

const daemonStates = { connected: "live", disconnected: "lost", waiting: "waiting" } as const;

/** The daemons of a listener and their workloads, as the palette finds them; empty without one. */
export function useFluxEntries(connectionId: string | undefined): readonly PaletteEntry[] {
  const listed = useListed("flux", connectionId);
  const daemons = useTopic("flux.daemons", { connectionId }).rows;
  const connected = daemons
    .filter(({ status }) => status === "connected")
    .map(({ id }) => id)
    .join(" ");
  const inputs = useMemo(
    () =>
      connectionId && connected !== ""
        ? connected.split(" ").map((daemonId) => ({ connectionId, daemonId }))
        : [],
    [connectionId, connected],
  );
  const workloads = useOperations("flux.workloads.list", inputs, { staleTime: 15_000 }).data;
  return useMemo(() => {
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    return [
      ...listed(
        "daemons",
        "Daemons",
        daemons.map(({ id, name, status, version = "", repository }) => ({
          key: id,
          label: name,
          detail: version,
          keywords: `${id} ${repository?.url ?? ""}`,
          state: daemonStates[status],
        })),
      ),
      ...listed(
        "workloads",
        "Workloads",
        inputs.flatMap(({ daemonId }, index) =>
          (workloads[index] ?? []).map(({ id, name, namespace, kind, containers }) => ({
            key: `${daemonId} ${id}`,
            label: name,
            detail: `${namespace}:${kind} at ${names.get(daemonId) ?? daemonId}`,
            keywords: `${id} ${containers.map(({ image }) => image).join(" ")}`,
          })),
        ),
      ),
    ];
  }, [listed, daemons, inputs, workloads]);
}
