import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** As many as the page of executions reads, so that both share one answer. */
const limit = 1_000;
const staleTime = 10_000;

/** Flows, budgets and partitions of the selected FlowFabric server; no list of their own leads to them. */
export function useFlowfabricParts(selection: Selection | undefined): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const isHere = selection?.system === "flowfabric";
  const connectionId = isHere ? selection.connectionId : "";
  const options = { enabled: isHere && selection.status?.state === "open", staleTime };
  const executions = useOperation("flowfabric.executions.list", { connectionId, limit }, options).data?.rows;
  const budgets = useOperation("flowfabric.budgets.list", { connectionId }, options).data?.ids;
  const rotations = useTopic("flowfabric.rotations", {
    connectionId: isHere ? connectionId : undefined,
  }).rows;
  return useMemo(() => {
    const entryTo =
      (page: PageName, group: string) =>
      (entry: Omit<PaletteEntry, "group" | "run">, search: string): PaletteEntry => ({
        ...entry,
        group,
        run: () => navigate(`${pathTo(page, { system: "flowfabric", connectionId })}?${search}`),
      });
    const toFlow = entryTo("executions", "Flows");
    const toBudget = entryTo("budgets", "Budgets");
    const toPartition = entryTo("rotations", "Partitions");
    const members = new Map<string, number>();
    for (const { flowId } of executions ?? [])
      if (flowId) members.set(flowId, (members.get(flowId) ?? 0) + 1);
    const newest = [...rotations].sort((left, right) => (left.id < right.id ? 1 : -1))[0];
    return [
      ...[...members].map(([flowId, count]) =>
        toFlow(
          { id: `flow ${flowId}`, label: `Flow ${flowId}`, detail: `${count} of its executions` },
          `executions.filter=${encodeURIComponent(`flow:${flowId}`)}`,
        ),
      ),
      ...(budgets ?? []).map((id) =>
        toBudget({ id: `budget ${id}`, label: `Budget ${id}` }, `open=${encodeURIComponent(id)}`),
      ),
      ...(newest?.partitions ?? []).map(({ partition, state }) =>
        toPartition(
          {
            id: `partition ${partition}`,
            label: `Partition ${partition}`,
            detail: `${state} in the rotation to ${newest?.keyId}`,
            glyph: lookOf(state),
          },
          `partition=${partition}`,
        ),
      ),
    ];
  }, [executions, budgets, rotations, connectionId, navigate]);
}
