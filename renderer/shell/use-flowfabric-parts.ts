import { useMemo } from "react";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { subjectOf, useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** As many as the page of executions reads, so that both share one answer. */
const limit = 1_000;

/** Flows, budgets and partitions of a FlowFabric server, asked for them only where `reads`; no list of their own leads to them. */
export function useFlowfabricParts(here: string | undefined, reads: boolean): readonly PaletteEntry[] {
  const listed = useListed("flowfabric", here);
  const connectionId = here ?? "";
  const options = { enabled: reads && here !== undefined, once: true };
  const executions = useOperation("flowfabric.executions.list", { connectionId, limit }, options).data?.rows;
  const budgets = useOperation("flowfabric.budgets.list", { connectionId }, options).data?.ids;
  const rotations = useTopic("flowfabric.rotations", { connectionId: here }).rows;
  return useMemo(() => {
    const members = new Map<string, number>();
    for (const { flowId } of executions ?? [])
      if (flowId) members.set(flowId, (members.get(flowId) ?? 0) + 1);
    const newest = [...rotations].sort((left, right) => (left.id < right.id ? 1 : -1))[0];
    return [
      ...listed(
        "executions",
        "Flows",
        [...members].map(([flowId, count]) => ({
          key: flowId,
          label: `Flow ${flowId}`,
          detail: `${count} of its executions`,
          search: `executions.filter=${encodeURIComponent(`flow:${flowId}`)}`,
          ...subjectOf("flow", [{ flowId }]),
        })),
      ),
      ...listed(
        "budgets",
        "Budgets",
        (budgets ?? []).map((id) => ({ key: id, label: `Budget ${id}`, detail: "" })),
      ),
      ...listed(
        "rotations",
        "Partitions",
        (newest?.partitions ?? []).map(({ partition, state }) => ({
          key: `${partition}`,
          label: `Partition ${partition}`,
          detail: `${state} in the rotation to ${newest?.keyId}`,
          state,
          search: `partition=${partition}`,
        })),
      ),
    ];
  }, [listed, executions, budgets, rotations]);
}
