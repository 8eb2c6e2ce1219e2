import { Link, Outlet } from "react-router";
import { useTopic } from "../client/use-topic.ts";
import { useOptionalSelection } from "../state/selection.ts";
import { EmptyState } from "../ui/empty-state.tsx";

/** The pages of a system, as long as its connection exists; an old address says so instead of waiting for ever. */
export function KnownConnection() {
  const { connectionId, profile } = useOptionalSelection() ?? {};
  const { phase } = useTopic("connections");
  if (profile || phase === "loading") return <Outlet />;
  return (
    <EmptyState
      title={`There is no connection ${connectionId}`}
      text="It may have been removed, or this address comes from another machine."
      action={<Link to="/connections">Choose a connection</Link>}
    />
  );
}
