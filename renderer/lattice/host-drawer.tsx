import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useCallback } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { EntityActivities } from "../command/entity-activities.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { KeyHint } from "../ui/key-hint.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import type { ComponentCommand } from "./commands/component-commands.tsx";
import type { HostCommand } from "./commands/host-commands.tsx";
import type { ProviderCommand } from "./commands/provider-commands.tsx";
import { inventoryCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import { HostInventory } from "./host-inventory.tsx";
import { HostJson } from "./host-json.tsx";
import { LabelsSection } from "./labels/labels-section.tsx";
import { Uptime } from "./uptime.tsx";

interface HostDrawerProps {
  host: HostRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
  onHost: (command: HostCommand) => void;
  onComponent: (command: ComponentCommand) => void;
  onProvider: (command: ProviderCommand) => void;
}

/** Everything known of one host. */
export function HostDrawer({ host, onClose, onStep, onHost, onComponent, onProvider }: HostDrawerProps) {
  const concerns = useCallback(
    ({ target }: Activity) => target?.hostId === host.id || target?.id === host.id,
    [host.id],
  );
  const putLabel = (label?: { key: string; value: string }) =>
    onHost({ kind: "put-label", hosts: [host], label });
  const actions = hostActions(host, { onHost, onComponent, onProvider });
  useShortcuts([
    { id: "host-label", label: "Set a label of this host", group: "Host", keys: "l", run: () => putLabel() },
    ...actions.map((action) => ({ ...action, group: "Host" })),
  ]);
  return (
    <Drawer
      title={host.friendlyName || "unnamed host"}
      subtitle={<ShortId id={host.id} keep={10} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          {host.status !== "stopped" && <HostButtons actions={actions} />}
          <CopyAsMenu what="Read this host" commands={(place) => inventoryCommands(place, host.id)} />
        </>
      }
    >
      {host.problem && (
        <Notice slim tone="warn" shape="question" title="Its inventory could not be read">
          {host.problem}
        </Notice>
      )}
      <HostFacts host={host} />
      <LabelsSection
        host={host}
        onPut={putLabel}
        onDelete={(label) => onHost({ kind: "delete-label", hosts: [host], label })}
      />
      <HostInventory hostId={host.id} onComponent={onComponent} onProvider={onProvider} />
      <EntityEvents filter={eventsOf({ host: host.id })} />
      <EntityActivities concerns={concerns} />
      <HostJson key={host.id} hostId={host.id} />
    </Drawer>
  );
}

function HostButtons({ actions }: { actions: ReturnType<typeof hostActions> }) {
  const [component, provider, stop] = actions;
  return (
    <>
      <Menu position="top-start" withinPortal>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={12} aria-hidden="true" />}>
            Start…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={component?.run} rightSection={<KeyHint keys="c" />}>
            A component on it…
          </Menu.Item>
          <Menu.Item onClick={provider?.run} rightSection={<KeyHint keys="p" />}>
            A provider on it…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" title="Key: x" onClick={stop?.run}>
        Stop host…
      </Button>
    </>
  );
}

/** What the drawer's buttons and keys do; a host that has stopped obeys nobody. */
function hostActions(
  host: HostRow,
  { onHost, onComponent, onProvider }: Pick<HostDrawerProps, "onHost" | "onComponent" | "onProvider">,
) {
  const hostIds = [host.id];
  if (host.status === "stopped") return [];
  return [
    {
      id: "host-component",
      label: "Start a component on this host",
      keys: "c",
      run: () => onComponent({ kind: "start", hostIds }),
    },
    {
      id: "host-provider",
      label: "Start a provider on this host",
      keys: "p",
      run: () => onProvider({ kind: "start", hostIds }),
    },
    {
      id: "host-stop",
      label: "Stop this host",
      keys: "x",
      run: () => onHost({ kind: "stop", host }),
    },
  ];
}

function HostFacts({ host }: { host: HostRow }) {
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Status", <StatusBadge key="status" state={host.status} />],
          ["Since", <RelativeTime key="since" at={host.statusSince} />],
          ["Last seen", host.lastSeenAt && <RelativeTime at={host.lastSeenAt} />],
          [
            "Uptime",
            host.status !== "stopped" && host.status !== "lost" && host.startedAt ? (
              <Uptime key="uptime" startedAt={host.startedAt} />
            ) : undefined,
          ],
          ["Version", host.version],
          ["Heartbeat", `every ${host.heartbeatSeconds} s`],
          [
            "Inventory",
            host.inventoryAt ? <RelativeTime key="inventory" at={host.inventoryAt} /> : "never read",
          ],
          ["Control host", host.controlHost && <code>{host.controlHost}</code>],
          ["JetStream domain", host.jetStreamDomain && <code>{host.jetStreamDomain}</code>],
        ]}
      />
    </DrawerSection>
  );
}
