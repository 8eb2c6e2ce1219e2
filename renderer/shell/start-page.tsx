import { Navigate } from "react-router";
import type { ConnectionRow } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import { type Selected, useUiStore } from "../state/ui-store.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";

/** Goes to what was looked at last, else to the first open connection, else to the connections. */
export function StartPage() {
  const connections = useTopic("connections");
  const last = useUiStore((state) => state.lastSelection);
  if (connections.phase === "loading") return <LoadingSkeleton rows={8} />;
  if (connections.phase === "failed" && connections.failure) {
    return <FailureNotice what="The console cannot be reached" failure={connections.failure} />;
  }
  return <Navigate to={pathTo("overview", startOf(connections.rows, last))} replace />;
}

/** Where to begin, among the connections that exist. */
function startOf(rows: readonly ConnectionRow[], last: Selected | undefined): Selected | undefined {
  if (last && rows.some((row) => row.profile.id === last.connectionId)) return last;
  const row = rows.find((candidate) => candidate.status.state === "open") ?? rows[0];
  return row && selectedBy(row.profile);
}
