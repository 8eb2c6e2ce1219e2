import { Button } from "@mantine/core";
import { useCallback, useState } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import type { HostRow } from "../../shared/lattice/schema.ts";
import { useOperation } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { useSelection } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime, RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { inventoryCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import { wholeHostActions } from "./host-actions.tsx";
import { HostInventory } from "./host-inventory.tsx";
import { LabelsSection } from "./labels/labels-section.tsx";
import classes from "./lattice.module.css";
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

/** A host's inventory as the host itself sends it, read when asked for. */
function HostJson({ hostId }: { hostId: string }) {
  const [asked, setAsked] = useState(false);
  const { connectionId, lattice } = useSelection();
  const read = useOperation("lattice.hosts.get", { connectionId, lattice, hostId }, { enabled: asked });
  const again = () => (asked ? void read.refetch() : setAsked(true));
  return (
    <DrawerSection
      title="JSON"
      actions={
        <Button size="compact-xs" variant="subtle" loading={read.isFetching} onClick={again}>
          {asked ? "Refresh" : "Read from the host"}
        </Button>
      }
    >
      {!asked && (
        <span className={classes.hint}>The inventory in the host's own words, asked for on demand.</span>
      )}
      {asked && read.isPending && <LoadingSkeleton rows={4} />}
      {read.error && (
        <FailureNotice
          what="The host's inventory could not be read"
          failure={read.error.toData()}
          onRetry={again}
        />
      )}
      {read.data && (
        <>
          <div className={classes.hint}>
            Read at <ExactTime at={read.data.readAt} />
          </div>
          <JsonView value={read.data.raw} label="Inventory" />
        </>
      )}
    </DrawerSection>
  );
}
