import { Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { EntityActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { type DaemonAction, DaemonDialogs } from "./daemon-dialogs.tsx";
import { DaemonFacts, RepositoryFacts, SyncFacts } from "./daemon-facts.tsx";
import { EventList } from "./event-list.tsx";
import { daemonLook } from "./flux-look.ts";
import { useExport } from "./use-export.ts";

interface DaemonDrawerProps {
  daemon: FluxDaemonRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one daemon, and what it can be told. */
export function DaemonDrawer({ daemon, onClose, onStep }: DaemonDrawerProps) {
  const [action, setAction] = useState<DaemonAction>();
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
      actions={<DaemonActions daemon={daemon} onAction={setAction} />}
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
      {action && <DaemonDialogs daemon={daemon} action={action} onClose={() => setAction(undefined)} />}
    </Drawer>
  );
}

function DaemonActions(props: { daemon: FluxDaemonRow; onAction: (action: DaemonAction) => void }) {
  const { daemon, onAction } = props;
  const { profile } = useSystem("flux");
  const exporting = useExport(daemon);
  const absent = daemon.status !== "connected";
  const own = profile?.playground !== true;
  return (
    <>
      <Button disabled={absent} onClick={() => onAction("release")}>
        Release…
      </Button>
      <Button variant="default" disabled={absent} onClick={() => onAction("sync")}>
        Sync now…
      </Button>
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={14} aria-hidden="true" />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={absent} onClick={() => onAction("notify")}>
            Tell of a change…
          </Menu.Item>
          <Menu.Item disabled={absent || exporting.pending} onClick={exporting.run}>
            Export as YAML
          </Menu.Item>
          <Menu.Item disabled={absent} color="red" onClick={() => onAction("rotate-key")}>
            Make a new SSH key…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={!own} onClick={() => onAction("renew")}>
            New token…
          </Menu.Item>
          <Menu.Item disabled={!own} color="red" onClick={() => onAction("remove")}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
