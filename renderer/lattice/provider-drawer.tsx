import { useCallback } from "react";
import { Link } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Chips } from "./chips.tsx";
import { inventoryCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import classes from "./lattice.module.css";
import { HealthBadge, WadmMark } from "./marks.tsx";
import { providerActions } from "./provider-actions.tsx";

interface ProviderDrawerProps {
  provider: ProviderRow;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one provider on one host. */
export function ProviderDrawer({ provider, onClose, onStep }: ProviderDrawerProps) {
  const { connectionId, lattice } = useSelection();
  const { id, hostId, hostName } = provider;
  const concerns = useCallback(
    ({ target }: Activity) => target?.kind === "provider" && target.id === id && target.hostId === hostId,
    [id, hostId],
  );
  const toHost = `${pathTo("hosts", { connectionId, lattice })}?open=${encodeURIComponent(hostId)}`;
  return (
    <Drawer
      title={id}
      subtitle={
        <>
          on{" "}
          <Link className={classes.link} to={toHost}>
            {hostName}
          </Link>
        </>
      }
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Provider" actions={providerActions} things={[provider]} />
          <CopyAsMenu what={`Read ${hostName}`} commands={(place) => inventoryCommands(place, hostId)} />
        </>
      }
    >
      {provider.health === "silent" && (
        <Notice slim tone="warn" shape="clock" title="Answers no health check">
          {silence(provider)} It may hang, or its process may have died: look at the log of {hostName}, or
          stop the provider and start it again.
        </Notice>
      )}
      {provider.lastFailure && (
        <Notice slim tone="bad" shape="bang" title="Last failure">
          {provider.lastFailure.message} (<RelativeTime at={provider.lastFailure.at} />)
        </Notice>
      )}
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Name", provider.name],
            ["Health", <Health key="health" provider={provider} />],
            ["Image", provider.imageReference && <code key="image">{provider.imageReference}</code>],
            ["Annotations", <Chips key="annotations" map={provider.annotations} />],
            ["Managed by", provider.managedByWadm ? <WadmMark key="wadm" /> : undefined],
            ["Last change", provider.changedAt && <RelativeTime key="changed" at={provider.changedAt} />],
          ]}
        />
      </DrawerSection>
      <EntityEvents filter={eventsOf({ id, host: hostId })} />
      <EntityActivities concerns={concerns} />
      <DrawerSection title="JSON">
        <JsonView value={provider} label="Provider" />
      </DrawerSection>
    </Drawer>
  );
}

function Health({ provider }: { provider: ProviderRow }) {
  return (
    <>
      <HealthBadge health={provider.health} />{" "}
      {provider.healthAt ? (
        <RelativeTime at={provider.healthAt} />
      ) : (
        <span className={classes.hint}>{unknownHealth(provider)}</span>
      )}
    </>
  );
}

/** Hosts check every 30 s and announce nothing of one that does not answer (wasmcloud-control §4.11). */
function silence({ healthSeenAt, healthBefore }: ProviderRow) {
  if (!healthSeenAt) return "No health check was answered since this console started following the lattice.";
  return (
    <>
      Its last answer was <RelativeTime at={healthSeenAt} />
      {healthBefore && `, when it was ${healthBefore}`}.
    </>
  );
}

/** Why nothing is known of a provider's health (wasmcloud-control §4.11); hosts list builtins by their bare names (§3.4). */
function unknownHealth({ imageReference = "" }: ProviderRow): string {
  if (/^(?:http-client|http-server|messaging-nats)$/.test(imageReference))
    return "It is part of the host, which never checks it.";
  return "Neither a passed nor a failed check was seen since this console started following the lattice. Hosts announce changes only: one that never was healthy stays unknown.";
}
