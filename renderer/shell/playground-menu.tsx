import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { InputFor } from "../../shared/catalogue.ts";
import { asFailure } from "../../shared/contract/index.ts";
import { refreshOperations, useCommand, useOperation } from "../client/query.ts";
import { StateGlyph } from "../ui/state-glyph.tsx";
import { lookOf } from "../ui/state-look.ts";

type Disturbance = InputFor<"playground.disturb">["action"];

const hostActions: readonly { action: Disturbance; label: string }[] = [
  { action: "freeze-host", label: "Freeze (no heartbeats)" },
  { action: "resume-host", label: "Resume" },
  { action: "kill-host", label: "Kill" },
  { action: "stop-host", label: "Stop in good order" },
  { action: "lose-next-events", label: "Lose its next two events" },
];

const stateOfHost: Record<string, string> = { running: "live", frozen: "stale", killed: "lost" };

/** Breaks the simulated systems on purpose, to see how the console shows it. */
export function PlaygroundMenu() {
  const [opened, setOpened] = useState(false);
  const disturb = useCommand("playground.disturb");
  const run = (action: Disturbance, hostId?: string) =>
    void disturb.run({ action, ...(hostId ? { hostId } : {}) }).then(
      () => refreshOperations("playground.get"),
      (error: unknown) =>
        notifications.show({ color: "red", title: "Not done", message: asFailure(error).message }),
    );
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal width={260}>
      <Menu.Target>
        <Button variant="default" loading={disturb.pending}>
          Break something…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>{opened && <Disturbances run={run} />}</Menu.Dropdown>
    </Menu>
  );
}

function Disturbances({ run }: { run: (action: Disturbance, hostId?: string) => void }) {
  const { data } = useOperation("playground.get", {}, { once: true });
  const natsAction = data?.natsRunning === false ? "restart-nats" : "kill-nats";
  return (
    <>
      <Menu.Item onClick={() => run(natsAction)}>
        {natsAction === "kill-nats" ? "Kill the NATS server" : "Start the NATS server again"}
      </Menu.Item>
      <Menu.Item onClick={() => run("add-host")}>Add a host</Menu.Item>
      <Menu.Divider />
      <Menu.Label>One host</Menu.Label>
      {(data?.hosts ?? []).map((host) => {
        const look = lookOf(stateOfHost[host.status] ?? host.status);
        return (
          <Menu.Sub key={host.id} position="left-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item
                leftSection={<StateGlyph shape={look.shape} tone={look.tone} label={look.word} />}
              >
                {host.friendlyName}
              </Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {hostActions.map(({ action, label }) => (
                <Menu.Item key={action} onClick={() => run(action, host.id)}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        );
      })}
    </>
  );
}
