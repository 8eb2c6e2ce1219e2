import { useMemo } from "react";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** Lists that no topic tells are read once an opening of the palette, unless their page has them anyway. */
const staleTime = 10_000;

/** What a FlowFabric server lists; empty without one that is open. */
export function useFlowfabricEntries(connectionId: string | undefined): readonly PaletteEntry[] {
  const listed = useListed("flowfabric", connectionId);
  const rotations = useTopic("flowfabric.rotations", { connectionId }).rows;
  const executions = useOperation(
    "flowfabric.executions.list",
    { connectionId: connectionId ?? "", limit: 1_000 },
    { enabled: connectionId !== undefined, staleTime },
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

/** What a jobs server lists; empty without one that is open. */
export function useForgeEntries(connectionId: string | undefined): readonly PaletteEntry[] {
  const listed = useListed("forge", connectionId);
  const queues = useTopic("forge.queues", { connectionId }).rows;
  const schedules = useOperation(
    "forge.cron.list",
    { connectionId: connectionId ?? "" },
    { enabled: connectionId !== undefined, staleTime },
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
