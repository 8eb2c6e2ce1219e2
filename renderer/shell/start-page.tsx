import { Navigate } from "react-router";
import type { OutputFor } from "../../shared/catalogue.ts";
import type { ConnectionRow } from "../../shared/connections/schema.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { selectedBy } from "../state/place.ts";
import { type Selected, useUiStore } from "../state/ui-store.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";

/** Goes to what was looked at last, else to the first connection that is open or opens, else to the connections. */
export function StartPage() {
  const connections = useTopic("connections");
  const last = useUiStore((state) => state.lastSelection);
  const playground = useOperation("playground.get", {});
  if (connections.phase === "loading" || playground.isPending) return <LoadingSkeleton rows={8} />;
  if (connections.phase === "failed" && connections.failure) {
    return <FailureNotice what="The console cannot be reached" failure={connections.failure} />;
  }
  const start = startOf(connections.rows, last);
  // On the very first start the simulated lattice is what one came for; it takes a moment.
  if (isAwaited(playground.data, connections.rows) && start !== last) return <LoadingSkeleton rows={8} />;
  return <Navigate to={pathTo("overview", start)} replace />;
}

/** Whether the simulated lattice is about to come; that it runs may be told before its connection is. */
function isAwaited(
  playground: OutputFor<"playground.get"> | undefined,
  rows: readonly ConnectionRow[],
): boolean {
  const isThere = rows.some(({ profile }) => profile.playground && profile.system === "lattice");
  return playground !== undefined && (playground.starting || playground.running) && !isThere;
}

/** Where to begin, among the connections that exist. */
function startOf(rows: readonly ConnectionRow[], last: Selected | undefined): Selected | undefined {
  if (last && rows.some((row) => row.profile.id === last.connectionId)) return last;
  const open = rows.filter(({ status }) => status.state === "open" || status.state === "opening");
  const row = open.find(({ profile }) => profile.system === "lattice") ?? open[0] ?? rows[0];
  return row && selectedBy(row.profile);
}
