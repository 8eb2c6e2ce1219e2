import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRef, useState } from "react";
import { asFailure } from "../../shared/contract/index.ts";
import type { WaitpointRow } from "../../shared/flowfabric/execution-schema.ts";
import { call } from "../client/call.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { copy as copyOut } from "../ui/clipboard.ts";
import { DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { ShortId } from "../ui/short-id.tsx";
import classes from "./flowfabric.module.css";
import { SignalDialog } from "./signal-dialog.tsx";

/** The open waitpoints of one execution; their tokens stay with the server. */
export function WaitpointList({ executionId }: { executionId: string }) {
  const { connectionId, isOpen } = useSystem("flowfabric");
  const { data, error } = useOperation(
    "flowfabric.waitpoints.list",
    { connectionId, executionId },
    { enabled: isOpen },
  );
  const [chosen, setChosen] = useState<WaitpointRow>();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <DrawerSection title="Open waitpoints">
      {error && <FailureNotice slim failure={error.toData()} />}
      {data?.length === 0 && <p className={classes.hint}>It waits for no signal.</p>}
      {data && data.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Waitpoint</th>
              <th>Signals</th>
              <th>Key</th>
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.id}>
                <td>
                  {row.key} <ShortId id={row.id} keep={4} />
                </td>
                <td>{row.signals.join(", ") || "any"}</td>
                <td>
                  <code>{row.keyId || "malformed"}</code>
                </td>
                <td data-align="end">
                  <Button ref={button} size="compact-sm" variant="default" onClick={() => setChosen(row)}>
                    Signal…
                  </Button>{" "}
                  <CopyToken row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {chosen && <SignalDialog waitpoint={chosen} returnTo={button} onClose={() => setChosen(undefined)} />}
    </DrawerSection>
  );
}

/** Puts the token on the clipboard without showing it: it is a credential. */
function CopyToken({ row }: { row: WaitpointRow }) {
  const { connectionId } = useSystem("flowfabric");
  const copy = async (): Promise<void> => {
    try {
      const { token } = await call("flowfabric.waitpoints.token", {
        connectionId,
        executionId: row.executionId,
        waitpointId: row.id,
      });
      if (!(await copyOut(() => ({ line: token })))) return;
      notifications.show({
        message: "The token is on the clipboard. Whoever has it can signal this waitpoint.",
      });
    } catch (error) {
      notifications.show({ color: "red", message: asFailure(error).message });
    }
  };
  return (
    <Button size="compact-sm" variant="default" onClick={() => void copy()}>
      Copy token
    </Button>
  );
}
