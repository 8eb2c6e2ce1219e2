import { useMemo } from "react";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import type { Selection } from "../state/selection.ts";
import type { SelectedSystem } from "../state/ui-store.ts";
import { useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** What the selected FlowFabric or jobs server lists; empty elsewhere. */
export function useSystemEntries(selection: Selection | undefined): readonly PaletteEntry[] {
  const flowfabric = useFlowfabricEntries(idOf(selection, "flowfabric"), isOpen(selection));
  const forge = useForgeEntries(idOf(selection, "forge"), isOpen(selection));
  return useMemo(() => [...flowfabric, ...forge], [flowfabric, forge]);
}

function idOf(selection: Selection | undefined, system: SelectedSystem["system"]): string | undefined {
  return selection?.system === system ? selection.connectionId : undefined;
}

function isOpen(selection: Selection | undefined): boolean {
  return selection?.status?.state === "open";
}

function useFlowfabricEntries(connectionId: string | undefined, open: boolean): readonly PaletteEntry[] {
  const listed = useListed("flowfabric", connectionId);
  const rotations = useTopic("flowfabric.rotations", { connectionId }).rows;
  const executions = useOperation(
    "flowfabric.executions.list",
    { connectionId: connectionId ?? "", limit: 1_000 },
    { enabled: connectionId !== undefined && open, once: true },
  ).data?.rows;
  return useMemo(
    () => [
      ...listed(
        "executions",
        "Executions",
        (executions ?? []).map(({ id, kind, lane, namespace, diagnosis, state }) => ({
          key: id,
          label: id,
          detail: `${kind} · ${diagnosis.level === "stuck" ? "stuck" : state.publicState}`,
          keywords: `${lane} ${namespace}`,
          ...(diagnosis.level === "stuck" && { state: "unhealthy" }),
        })),
      ),
      ...listed(
        "rotations",
        "Rotations",
        rotations.map(({ id, keyId, state }) => ({
          key: id,
          label: `Rotation to ${keyId}`,
          detail: state,
          keywords: id,
        })),
      ),
    ],
    [listed, executions, rotations],
  );
}

function useForgeEntries(connectionId: string | undefined, open: boolean): readonly PaletteEntry[] {
  const listed = useListed("forge", connectionId);
  const queues = useTopic("forge.queues", { connectionId }).rows;
  const schedules = useOperation(
    "forge.cron.list",
    { connectionId: connectionId ?? "" },
    { enabled: connectionId !== undefined && open, once: true },
  ).data;
  return useMemo(
    () => [
      ...listed(
        "queues",
        "Queues",
        queues.map(({ name, paused, counts }) => ({
          key: name,
          label: name,
          detail: paused ? "paused" : `${counts.pending} ready`,
          keywords: "queue",
          ...(paused && { state: "stopped" }),
        })),
      ),
      ...listed(
        "schedules",
        "Schedules",
        (schedules ?? []).map(({ name, kind, expression, queueName = "" }) => ({
          key: name,
          label: name,
          detail: expression,
          keywords: `schedule cron ${kind} ${queueName}`,
        })),
      ),
    ],
    [listed, queues, schedules],
  );
}
