import { useMemo } from "react";
import { Link, Outlet } from "react-router";
import type { ConnectionStatus } from "../../shared/connections/schema.ts";
import { useTopic } from "../client/use-topic.ts";
import { ActionDialog } from "../command/action-dialog.tsx";
import { useOptionalSelection } from "../state/selection.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { type NotRead, NotReadContext } from "../ui/not-read.tsx";

/** The pages of a system, as long as its connection exists; an old address says so instead of waiting for ever. */
export function KnownConnection() {
  const { connectionId, profile, status } = useOptionalSelection() ?? {};
  const { phase } = useTopic("connections");
  const name = profile?.name;
  const state = status?.state;
  const notRead = useMemo(() => whyNotRead(name, state), [name, state]);
  if (profile || phase === "loading")
    return (
      <NotReadContext value={notRead}>
        <Outlet />
        <ActionDialog />
      </NotReadContext>
    );
  return (
    <EmptyState
      title={`There is no connection ${connectionId}`}
      text="It may have been removed, or this address comes from another machine."
      action={<Link to="/connections">Choose a connection</Link>}
    />
  );
}

/** A list that nobody could ask for is not empty, and waiting for it does not help. */
function whyNotRead(
  name: string | undefined,
  state: ConnectionStatus["state"] | undefined,
): NotRead | undefined {
  if (state === "closed")
    return { title: "Not read: the connection is closed", text: `It is read as soon as ${name} is open.` };
  if (state === "failed")
    return {
      title: "Not read: the connection could not be opened",
      text: `The reason stands above. It is read as soon as ${name} is open.`,
    };
  return undefined;
}
