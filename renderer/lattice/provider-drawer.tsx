import { useCallback } from "react";
import { Link } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import type { ProviderRow } from "../../shared/lattice/schema.ts";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Chips } from "./chips.tsx";
import { inventoryCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityActivities } from "./entity-activities.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import classes from "./lattice.module.css";
import { HealthBadge, WadmMark } from "./marks.tsx";

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
        <CopyAsMenu what={`Read ${hostName}`} commands={(place) => inventoryCommands(place, hostId)} />
      }
    >
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
        <span className={classes.hint}>no health report seen since the console follows this lattice</span>
      )}
    </>
  );
}
