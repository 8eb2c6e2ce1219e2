import { Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { type Activity, asFailure } from "../../shared/contract/index.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { call } from "../client/call.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { saveFile } from "../ui/save-file.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { daemonActions, toldDaemonActions } from "./daemon-actions.tsx";
import { DaemonFacts, RepositoryFacts, SyncFacts } from "./daemon-facts.tsx";
import { EventList } from "./event-list.tsx";
import { daemonLook } from "./flux-look.ts";

interface DaemonDrawerProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one daemon, and what it can be told. */
export function DaemonDrawer({ daemon, onClose, onStep }: DaemonDrawerProps) {
  const concerns = useCallback(
    ({ target, input }: Activity) => input.daemonId === daemon.id && target !== undefined,
    [daemon.id],
  );
  return (
    <Drawer
      title={daemon.name}
      subtitle={<StatusBadge state={daemonLook(daemon)} />}
      onClose={onClose}
      onStep={onStep}
      actions={<DaemonActions daemon={daemon} />}
    >
      {daemon.warnings.map((warning) => (
        <Notice key={warning} slim tone="warn" shape="bang" title={warning} />
      ))}
      {daemon.status === "disconnected" && daemon.factsAt && (
        <Notice slim tone="warn" shape="clock" title="Not connected: all below is as it was">
          Last read <RelativeTime at={daemon.factsAt} />.
        </Notice>
      )}
      {daemon.lastError && (
        <Notice slim tone={daemon.status === "connected" ? "idle" : "bad"} shape="bang" title="Last error">
          {daemon.lastError.message} (<RelativeTime at={daemon.lastError.at} />)
        </Notice>
      )}
      <DaemonFacts daemon={daemon} />
      <SyncFacts daemon={daemon} />
      <RepositoryFacts daemon={daemon} />
      <EventList daemonId={daemon.id} />
      <EntityActivities concerns={concerns} />
      <DrawerSection title="JSON">
        <JsonView value={daemon} label="Daemon" />
      </DrawerSection>
    </Drawer>
  );
}

function DaemonActions({ daemon }: { daemon: FluxDaemonRow }) {
  const { profile } = useSystem("flux");
  const exporting = useExport(daemon);
  return (
    <ActionButtons
      group="Daemon"
      actions={profile?.playground === true ? toldDaemonActions : daemonActions}
      things={[daemon]}
      moreItems={
        <Menu.Item disabled={daemon.status !== "connected" || exporting.pending} onClick={exporting.run}>
          Export as YAML
        </Menu.Item>
      }
    />
  );
}

/** Asks a daemon for the YAML of its workloads and hands it over as a file; failures are told, because many daemons cannot. */
function useExport({ id, name }: Pick<FluxDaemonRow, "id" | "name">) {
  const { connectionId } = useSystem("flux");
  const [pending, setPending] = useState(false);
  const run = async (): Promise<void> => {
    setPending(true);
    try {
      const file = await call("flux.export.get", { connectionId, daemonId: id });
      saveFile({ name: file.fileName, mediaType: file.mediaType, text: file.text });
      notifications.show({ message: `The workloads of ${name} were saved as ${file.fileName}` });
    } catch (error) {
      const { message, hint } = asFailure(error);
      notifications.show({
        color: "red",
        title: `${name} could not be exported`,
        message: hint ? `${message} ${hint}` : message,
      });
    } finally {
      setPending(false);
    }
  };
  return { pending, run: () => void run() };
}
