import { useMemo } from "react";
import type { QueueRow } from "../../shared/forge/schema.ts";
import type { TopicState } from "../client/event-stream.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import { alertsOf } from "./alerts.ts";
import { useThresholds } from "./thresholds.ts";
import { useForge, useSteppedNow } from "./use-forge.ts";

/** A queue as the list shows it. */
export interface QueueView extends QueueRow {
  /** Ready jobs over the last half hour, oldest first, as far as the console has recorded them. */
  trend: readonly number[];
  /** Thresholds of the person that it is over. */
  alerts: readonly string[];
}

const trendMs = 30 * 60_000;
const stepMs = 15_000;

/** The queues of the selected server, live, with their recent course and the alerts that are set. */
export function useQueues() {
  const { connectionId, isOpen } = useForge();
  const topic = useTopic("forge.queues", { connectionId });
  const trends = useTrends(connectionId, isOpen);
  const thresholds = useThresholds(connectionId);
  const rows = useMemo(
    () =>
      topic.rows.map(
        (row): QueueView => ({
          ...row,
          trend: trends.get(row.name) ?? [],
          alerts: alertsOf(row, thresholds),
        }),
      ),
    [topic.rows, trends, thresholds],
  );
  const phase = phaseOf(topic, isOpen);
  return { rows, phase, failure: topic.failure };
}

function useTrends(connectionId: string, enabled: boolean): ReadonlyMap<string, readonly number[]> {
  const to = useSteppedNow(stepMs);
  const { data } = useOperation(
    "forge.history.get",
    {
      connectionId,
      from: new Date(to - trendMs).toISOString(),
      to: new Date(to).toISOString(),
      points: 60,
      family: "queue_pending_jobs",
    },
    { enabled, keepPrevious: true },
  );
  return useMemo(
    () =>
      new Map(
        (data?.series ?? []).map(({ queue, values }) => [queue, values.filter((value) => value !== null)]),
      ),
    [data],
  );
}

/** Nothing listed is no answer while the connection is not open. */
function phaseOf({ phase, rows }: Pick<TopicState<QueueRow>, "phase" | "rows">, isOpen: boolean): TablePhase {
  if (phase !== "live") return phase;
  if (isOpen) return "ready";
  return rows.length === 0 ? "loading" : "stale";
}
