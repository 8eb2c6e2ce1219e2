import { useMemo, useState } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { asFailure, type FailureData } from "../../shared/contract/index.ts";
import { call } from "../client/call.ts";
import { useTopic } from "../client/use-topic.ts";

const pageSize = 500;

/** The live activities and those read from the log so far, newest first. */
export function useActivities() {
  const topic = useTopic("activity");
  const [older, setOlder] = useState<readonly Activity[]>([]);
  const [ended, setEnded] = useState(false);
  const [failure, setFailure] = useState<FailureData>();
  const rows = useMemo(() => newestFirst(older, topic.rows), [older, topic.rows]);
  const readOlder = async (): Promise<void> => {
    const before = rows.at(-1)?.id;
    setFailure(undefined);
    try {
      const read = await call("activity.list", { limit: pageSize, ...(before ? { before } : {}) });
      setOlder((known) => [...known, ...read]);
      setEnded(read.length < pageSize);
    } catch (error) {
      setFailure(asFailure(error).toData());
    }
  };
  // A topic that is not full holds everything there is.
  return { rows, topic, ended: ended || topic.rows.length < pageSize, failure, readOlder };
}

/** Both as one list without doubles, the live state of each, newest first. */
function newestFirst(older: readonly Activity[], live: readonly Activity[]): readonly Activity[] {
  const byId = new Map(older.map((activity) => [activity.id, activity]));
  for (const activity of live) byId.set(activity.id, activity);
  return [...byId.values()].sort((left, right) => right.startedAt.localeCompare(left.startedAt));
}
