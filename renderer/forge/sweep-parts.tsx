import { Button, Select } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { Failure } from "../../shared/contract/index.ts";
import type { JobStatus, QueueRow } from "../../shared/forge/schema.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatCount } from "../ui/format.ts";
import classes from "./forge.module.css";

export interface SweepProps {
  queue: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Counts the jobs of a status, of one queue or of all; the number is undefined until it is fresh. */
export function useStatusCount(status: JobStatus, queue: string | undefined) {
  const { connectionId } = useSystem("forge");
  const filter = { statuses: [status], ...(queue !== undefined && { queues: [queue] }) };
  const answer = useOperation("forge.jobs.count", { connectionId, filter });
  return { answer, count: answer.isFetching ? undefined : answer.data?.count };
}

/** One queue, or every one. */
export function QueueChoice(props: {
  value: string | undefined;
  onChange: (queue: string | undefined) => void;
}) {
  const { connectionId } = useSystem("forge");
  const names = useTopic("forge.queues", { connectionId }).rows.map(({ name }) => name);
  const known = props.value === undefined ? names : [...names, props.value];
  return (
    <Select
      label="Queue"
      placeholder="Every queue"
      data={[...new Set(known)].sort()}
      value={props.value ?? null}
      clearable
      searchable
      onChange={(queue) => props.onChange(queue ?? undefined)}
    />
  );
}

interface CountedProps {
  answer: Pick<UseQueryResult<unknown, Failure>, "error" | "isFetching" | "refetch">;
  /** What was counted, in one sentence; undefined until it is. */
  text: string | undefined;
}

/** What a sweep would find now, and the way to count again. */
export function Counted({ answer, text }: CountedProps) {
  const again = () => void answer.refetch();
  if (answer.error) return <FailureNotice slim failure={answer.error.toData()} onRetry={again} />;
  return (
    <div className={classes.line} style={{ alignItems: "center" }}>
      <strong role="status">{text ?? "Counting…"}</strong>
      <Button size="compact-xs" variant="default" loading={answer.isFetching} onClick={again}>
        Count again
      </Button>
    </div>
  );
}

/** Where the jobs of a status are, as the overview has it; queues that are not configured are not in it. */
export function ByQueue({ status, total }: { status: JobStatus; total: number }) {
  const { connectionId } = useSystem("forge");
  const rows = useTopic("forge.queues", { connectionId }).rows.map(({ name, counts }) => ({
    name,
    count: countOf(counts, status),
  }));
  const shown = rows.filter(({ count }) => count > 0).sort((left, right) => right.count - left.count);
  const elsewhere = total - shown.reduce((sum, { count }) => sum + count, 0);
  return (
    <p className={classes.hint}>
      {shown.map(({ name, count }) => `${name} ${formatCount(count)}`).join(" · ")}
      {elsewhere > 0 &&
        `${shown.length > 0 ? " · " : ""}queues that are not configured ${formatCount(elsewhere)}`}
    </p>
  );
}

/** Scheduled jobs are pending, too (forge-jobs §5). */
function countOf(counts: QueueRow["counts"], status: JobStatus): number {
  if (status === "pending") return counts.pending + counts.scheduled;
  return status === "in_progress" ? counts.inProgress : counts[status];
}
