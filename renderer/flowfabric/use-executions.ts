import { useMemo, useRef } from "react";
import { asFailure } from "../../shared/contract/index.ts";
import type { ExecutionRow, ScanPlace } from "../../shared/flowfabric/execution-schema.ts";
import { call } from "../client/call.ts";
import { useOperation, useReadingInTurn } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";

const limit = 1_000;

/** When an execution was read alone, and what came of it; undefined where it is gone. */
type ReadAlone = ReadonlyMap<string, { at: number; row: ExecutionRow | undefined }>;

/**
 * Executions as their partitions list them. The list takes a request for each and is read rarely; those in view that are not
 * over are read one by one meanwhile, and the open one is as its drawer has it.
 */
export function useExecutions(from: ScanPlace | undefined, openId: string | undefined) {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const scan = useOperation(
    "flowfabric.executions.list",
    { connectionId, limit, ...(from && { from }) },
    { enabled: isOpen, keepPrevious: true },
  );
  const opened = useOperation(
    "flowfabric.executions.get",
    { connectionId, executionId: openId ?? "" },
    { enabled: false },
  );
  const inView = useRef<() => readonly ExecutionRow[]>(null);
  // At the pace of a state, so that it takes nothing from the open execution.
  const alone = useReadingInTurn<ReadAlone>(
    "flowfabric.executions.state",
    connectionId,
    async (known = new Map()) => {
      const next = longestUnread(inView.current?.() ?? [], known);
      if (next === undefined) return known;
      return new Map(known).set(next, { at: Date.now(), row: await readAlone(connectionId, next) });
    },
    isOpen && scan.data !== undefined,
  );
  const { data, dataUpdatedAt } = scan;
  const rows = useMemo(() => {
    const newer = new Map(alone);
    if (openId && opened.data) newer.set(openId, { at: opened.dataUpdatedAt, row: opened.data });
    return withNewer(data?.rows ?? [], dataUpdatedAt, newer);
  }, [data, dataUpdatedAt, alone, openId, opened.data, opened.dataUpdatedAt]);
  return { scan, rows, inView };
}

async function readAlone(connectionId: string, executionId: string): Promise<ExecutionRow | undefined> {
  try {
    return await call("flowfabric.executions.get", { connectionId, executionId });
  } catch (error) {
    if (asFailure(error).code === "not_found") return undefined;
    throw error;
  }
}

/** One that is over stays as it is, unless somebody replays it. */
export function longestUnread(rows: readonly ExecutionRow[], known: ReadAlone): string | undefined {
  const readAt = ({ id }: ExecutionRow) => known.get(id)?.at ?? 0;
  return rows
    .filter(({ diagnosis }) => diagnosis.level !== "over")
    .reduce<ExecutionRow | undefined>(
      (oldest, row) => (oldest && readAt(oldest) <= readAt(row) ? oldest : row),
      undefined,
    )?.id;
}

/** The list, with what was read after it; an execution that was gone then is left out. */
export function withNewer(rows: readonly ExecutionRow[], listedAt: number, newer: ReadAlone): ExecutionRow[] {
  return rows.flatMap((row) => {
    const read = newer.get(row.id);
    return read && read.at > listedAt ? (read.row ?? []) : row;
  });
}
