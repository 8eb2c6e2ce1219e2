import { useMemo } from "react";
import { useOperations } from "../client/query.ts";
import { useTopic, useTopicRow } from "../client/use-topic.ts";
import { subjectOf, useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

const daemonStates = { connected: "live", disconnected: "lost", waiting: "waiting" } as const;

/** The daemons of a listener and their workloads, as the palette finds them; empty without one. */
export function useFluxEntries(connectionId: string | undefined): readonly PaletteEntry[] {
  const listed = useListed("flux", connectionId);
  const isPlayground = useTopicRow("connections", {}, connectionId)?.profile.playground === true;
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
  const workloads = useOperations("flux.workloads.list", inputs, { once: true }).data;
  return useMemo(() => {
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    return [
      ...listed(
        "daemons",
        "Daemons",
        daemons.map((daemon) => ({
          key: daemon.id,
          label: daemon.name,
          detail: daemon.version ?? "",
          keywords: `${daemon.id} ${daemon.repository?.url ?? ""}`,
          state: daemonStates[daemon.status],
          ...subjectOf(isPlayground ? "simulatedDaemon" : "daemon", [daemon]),
        })),
      ),
      ...listed(
        "workloads",
        "Workloads",
        inputs.flatMap(({ daemonId }, index) =>
          (workloads[index] ?? []).map((workload) => {
            const daemonName = names.get(daemonId) ?? daemonId;
            return {
              key: `${daemonId} ${workload.id}`,
              label: workload.name,
              detail: `${workload.namespace}:${workload.kind} at ${daemonName}`,
              keywords: `${workload.id} ${workload.containers.map(({ image }) => image).join(" ")}`,
              ...subjectOf("workload", [{ ...workload, daemonId, daemonName }]),
            };
          }),
        ),
      ),
    ];
  }, [listed, daemons, inputs, workloads, isPlayground]);
}
