import { useCallback } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { inventoryCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import { wholeHostActions } from "./host-actions.tsx";
import { HostInventory } from "./host-inventory.tsx";
import { HostJson } from "./host-json.tsx";
import { LabelsSection } from "./labels/labels-section.tsx";
import { Uptime } from "./uptime.tsx";

interface HostDrawerProps {
  host: HostRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one host. */
export function HostDrawer({ host, onClose, onStep }: HostDrawerProps) {
  const concerns = useCallback(
    ({ target }: Activity) => target?.hostId === host.id || target?.id === host.id,
    [host.id],
  );
  return (
    <Drawer
      title={host.friendlyName || "unnamed host"}
      subtitle={<ShortId id={host.id} keep={10} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Host" actions={wholeHostActions} things={[host]} />
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
      <LabelsSection host={host} />
      <HostInventory hostId={host.id} />
      <EntityEvents filter={eventsOf({ host: host.id })} />
      <EntityActivities concerns={concerns} />
      <HostJson key={host.id} hostId={host.id} />
    </Drawer>
  );
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
