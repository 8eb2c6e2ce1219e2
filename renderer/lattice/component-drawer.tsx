import { useCallback } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatQuantity } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Chips } from "./chips.tsx";
import { componentActions } from "./component-actions.tsx";
import { type ComponentGroup, totalText } from "./component-groups.ts";
import { ComponentHosts } from "./component-hosts.tsx";
import { scaleCommands } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "./entity-events.tsx";
import classes from "./lattice.module.css";
import { DriftMark, WadmMark } from "./marks.tsx";

interface ComponentDrawerProps {
  group: ComponentGroup;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one component over all its hosts. */
export function ComponentDrawer({ group, onClose, onStep }: ComponentDrawerProps) {
  const concerns = useCallback(
    ({ target }: Activity) => target?.kind === "component" && target.id === group.id,
    [group.id],
  );
  const first = group.rows[0];
  const { rows } = group;
  return (
    <Drawer
      title={group.id}
      subtitle={<Subtitle group={group} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Component" actions={componentActions} things={rows} />
          {first && (
            <CopyAsMenu
              what={`Scale as it is now, on ${first.hostName}`}
              commands={(place) => scaleCommands(place, { ...first, componentId: first.id })}
            />
          )}
        </>
      }
    >
      {group.lastFailure && (
        <Notice slim tone="bad" shape="bang" title="Last failure">
          {group.lastFailure.message} (<RelativeTime at={group.lastFailure.at} />)
        </Notice>
      )}
      <ComponentFacts group={group} />
      <ComponentHosts group={group} />
      <EntityEvents filter={eventsOf({ kind: "component", id: group.id })} />
      <EntityActivities concerns={concerns} />
      <DrawerSection title="JSON">
        <JsonView value={rows} label="Component" />
      </DrawerSection>
    </Drawer>
  );
}

function Subtitle({ group }: { group: ComponentGroup }) {
  return (
    <span className={classes.spaced}>
      {`${formatQuantity(group.hostCount, "host")} · ${totalText(group)} at most`}
      <DriftMark drift={group.drift} />
    </span>
  );
}

function ComponentFacts({ group }: { group: ComponentGroup }) {
  const first = group.rows[0];
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Name", group.rows.find((row) => row.name)?.name],
          [group.images.length > 1 ? "Images" : "Image", <Images key="images" images={group.images} />],
          [
            "Annotations",
            group.drift.includes("annotations") ? (
              "differ between hosts"
            ) : (
              <Chips key="annotations" map={first?.annotations ?? {}} />
            ),
          ],
          [
            "Limits",
            group.drift.includes("limits") ? (
              "differ between hosts"
            ) : (
              <Chips key="limits" map={first?.limits ?? {}} />
            ),
          ],
          ["Managed by", group.managedByWadm ? <WadmMark key="wadm" /> : undefined],
          ["Last change", group.changedAt && <RelativeTime key="changed" at={group.changedAt} />],
        ]}
      />
    </DrawerSection>
  );
}

function Images({ images }: { images: readonly string[] }) {
  return (
    <>
      {images.map((image) => (
        <div key={image} className="mono">
          {image}
        </div>
      ))}
    </>
  );
}
