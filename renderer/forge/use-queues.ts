import { useMemo } from "react";
import type { QueueRow } from "../../shared/forge/schema.ts";
import type { TopicState } from "../client/event-stream.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSteppedNow } from "../state/clock.ts";
import { useSystem } from "../state/selection.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import { formatCount, formatDuration } from "../ui/format.ts";
import { type Thresholds, useThresholds } from "./thresholds.ts";

/** A queue as the list shows it. */
export interface QueueView extends QueueRow {
  /** Ready jobs over the last half hour, oldest first, as far as the console has recorded them. */
  trend: readonly number[];
  /** Thresholds of the person that it is over. */
  alerts: readonly string[];
}

const trendMs = 30 * 60_000;
const stepMs = 15_000;
/** Queues are read every two seconds while somebody looks. */
const oldMs = 15_000;

/** The queues of the selected server, live, with their recent course and the alerts that are set. */
export function useQueues() {
  const { connectionId, isOpen } = useSystem("forge");
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
  const reading = useReading(topic);
  return {
    rows,
    phase: phaseOf(topic, isOpen, reading),
    failure: topic.failure ?? reading.failure,
    staleSince: isOpen ? reading.staleSince : undefined,
    refetch: reading.refetch,
  };
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

/** Asks why nothing comes: the topic only tells of rows that were read. */
function useReading({ phase, rows }: Pick<TopicState<QueueRow>, "phase" | "rows">) {
  const { connectionId, isOpen } = useSystem("forge");
  const now = useSteppedNow(5_000);
  const newest = rows.reduce((latest, { readAt }) => Math.max(latest, Date.parse(readAt)), 0);
  const isOld = rows.length > 0 && now - newest > oldMs;
  const isAsked = isOpen && phase === "live" && (rows.length === 0 || isOld);
  const { data, error, refetch } = useOperation("forge.queues.list", { connectionId }, { enabled: isAsked });
  return {
    read: data !== undefined,
    failure: isAsked ? error?.toData() : undefined,
    staleSince: isOld ? newest : undefined,
    refetch: () => void refetch(),
  };
}

/** Nothing listed is no answer while the connection is not open, or nothing could be read. */
function phaseOf(
  { phase, rows }: Pick<TopicState<QueueRow>, "phase" | "rows">,
  isOpen: boolean,
  reading: Pick<ReturnType<typeof useReading>, "read" | "failure" | "staleSince">,
): TablePhase {
  if (phase !== "live") return phase;
  if (rows.length > 0) return isOpen && reading.staleSince === undefined ? "ready" : "stale";
  if (!isOpen) return "loading";
  if (reading.failure) return "failed";
  return reading.read ? "ready" : "loading";
}

/** What of a queue is at or over its threshold, in words. */
export function alertsOf(queue: QueueRow, thresholds: Thresholds): string[] {
  const { counts, lagSeconds } = queue;
  const alerts: string[] = [];
  if (isOver(lagSeconds, thresholds.lagSeconds)) {
    alerts.push(`oldest ready job waits ${formatDuration(lagSeconds * 1_000)}`);
  }
  for (const [name, value] of [
    ["pending", counts.pending],
    ["failed", counts.failed],
    ["dead", counts.dead],
  ] as const) {
    if (isOver(value, thresholds[name])) alerts.push(`${formatCount(value)} ${name}`);
  }
  return alerts;
}

/** A threshold of zero is none: every queue would be over it. */
function isOver(value: number, threshold: number | undefined): boolean {
  return threshold !== undefined && threshold > 0 && value >= threshold;
}
