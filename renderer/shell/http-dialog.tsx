import { Button, Group, Modal, NumberInput, Stack } from "@mantine/core";
import { type RefObject, useState } from "react";
import type { HttpInterfaceState } from "../../shared/console/schema.ts";
import { asFailure } from "../../shared/contract/index.ts";
import { AccessTokens } from "../access/access-tokens.tsx";
import { BrowserSessions } from "../access/browser-sessions.tsx";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { type CopiedLine, scriptOf } from "../command/shells/command-line.ts";
import { useShell } from "../command/shells/use-shell.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";

/** Switches the HTTP interface of the desktop application on and off, says how to use it, and who may. */
export function HttpDialog(props: {
  opened: boolean;
  onClose: () => void;
  /** Where the focus goes afterwards: the item of the menu that opened the dialog is gone by then. */
  returnTo: RefObject<HTMLElement | null>;
}) {
  const { opened, onClose, returnTo } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="HTTP interface"
      size="xl"
      returnFocus={false}
      onExitTransitionEnd={() => returnTo.current?.focus()}
    >
      {opened && <HttpSwitch />}
    </Modal>
  );
}

function HttpSwitch() {
  const state = useOperation("console.http.get", {});
  const info = useOperation("console.info", {});
  const change = useCommand("console.http.switch");
  const [port, setPort] = useState<number | string>(0);
  if (state.isPending) return <LoadingSkeleton rows={3} />;
  if (state.error) return <FailureNotice failure={state.error.toData()} />;
  const { on } = state.data;
  const fixed = info.data?.mode === "headless";
  const turn = () =>
    void change.run({ on: !on, port: Number(port) || 0 }).then(
      () => refreshOperations("console.http.get"),
      () => undefined,
    );
  return (
    <Stack gap="sm">
      <p>
        Every operation of this console over HTTP, for scripts on this machine: on loopback only, with a
        token, guarded and recorded like a click.
      </p>
      {on ? (
        <HttpFacts state={state.data} />
      ) : (
        <NumberInput
          label="Port"
          description="0 takes a free one; it is off again when the application ends"
          min={0}
          max={65_535}
          value={port}
          onChange={setPort}
        />
      )}
      {change.failure && <FailureNotice failure={change.failure} />}
      {on && <BrowserSessions />}
      <AccessTokens />
      {fixed ? (
        <p>This console has no window of its own: it is always served over HTTP.</p>
      ) : (
        <Group justify="flex-end">
          <Button variant={on ? "default" : "filled"} loading={change.pending} onClick={turn}>
            {on ? "Switch HTTP off" : "Switch HTTP on"}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function HttpFacts({ state }: { state: HttpInterfaceState }) {
  const { address = "", tokenFile = "" } = state;
  const { shell } = useShell();
  const [, port = ""] = /:(\d+)\//.exec(address) ?? [];
  const example: CopiedLine = { bearer: true, rows: [["curl", `${address}/connections`]] };
  const variables = () =>
    [shell.assignment("SWITCHYARD_PORT", port), shell.assignment("SWITCHYARD_TOKEN_FILE", tokenFile)].join(
      "\n",
    );
  return (
    <Facts
      facts={[
        ["State", <StatusBadge key="state" state="open" />],
        ["Address", <Copied key="address" text={address} />],
        ["Token file", <Copied key="token" text={tokenFile} />],
        ["Copied commands need", <Copied key="variables" text={textOr(variables)} />],
        ["Try it then", <Copied key="example" text={textOr(() => scriptOf([example], shell))} />],
        ["Description", <code key="description">{address}/openapi.json</code>],
      ]}
    />
  );
}

/** The text, or why there is none for this shell. */
function textOr(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return asFailure(error).message;
  }
}

function Copied({ text }: { text: string }) {
  return (
    <>
      <code style={{ whiteSpace: "pre-wrap" }}>{text}</code> <CopyButton copied={{ text }} />
    </>
  );
}
