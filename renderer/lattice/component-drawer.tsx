import { Button } from "@mantine/core";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import type { ComponentRow } from "../../shared/lattice/schema.ts";
import { EntityActivities } from "../command/entity-activities.tsx";
import { pathTo } from "../state/paths.ts";
import { useSelection } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatQuantity } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Chips } from "./chips.tsx";
import type { ComponentCommand } from "./commands/component-commands.tsx";
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
  onCommand: (command: ComponentCommand) => void;
}

/** Everything known of one component over all its hosts. */
export function ComponentDrawer({ group, onClose, onStep, onCommand }: ComponentDrawerProps) {
  const concerns = useCallback(
    ({ target }: Activity) => target?.kind === "component" && target.id === group.id,
    [group.id],
  );
  const first = group.rows[0];
  const { rows } = group;
  const place = usePlace(first);
  const actions = componentActions(group, onCommand, place);
  useShortcuts(actions.map(({ button: _button, ...shortcut }) => ({ ...shortcut, group: "Component" })));
  return (
    <Drawer
      title={group.id}
      subtitle={<Subtitle group={group} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          {actions.map(({ id, button, keys, run }, index) => (
            <Button
              key={id}
              variant={index === 0 ? "filled" : "default"}
              title={`Key: ${keys}`}
              onClick={run}
            >
              {button}
            </Button>
          ))}
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
      <ComponentHosts group={group} onCommand={onCommand} />
      <EntityEvents filter={eventsOf({ kind: "component", id: group.id })} />
      <EntityActivities concerns={concerns} />
      <DrawerSection title="JSON">
        <JsonView value={rows} label="Component" />
      </DrawerSection>
    </Drawer>
  );
}

/** What the drawer's buttons and keys do. */
function componentActions(
  group: ComponentGroup,
  onCommand: ComponentDrawerProps["onCommand"],
  place: () => void,
) {
  const { id, rows } = group;
  const [like] = rows;
  return [
    {
      id: "component-scale",
      label: `Scale ${id}`,
      button: `Scale on ${formatQuantity(group.hostCount, "host")}…`,
      keys: "s",
      run: () => onCommand({ kind: "scale", rows }),
    },
    {
      id: "component-update",
      label: `Update ${id} to another image`,
      button: "Update…",
      keys: "u",
      run: () => onCommand({ kind: "update", rows }),
    },
    {
      id: "component-spread",
      label: `Start ${id} on more hosts`,
      button: "More hosts…",
      keys: "m",
      run: () => onCommand({ kind: "start", ...(like && { like }) }),
    },
    {
      id: "component-place",
      label: `Find hosts for ${id}`,
      button: "Place…",
      keys: "p",
      run: place,
    },
    {
      id: "component-stop",
      label: `Stop ${id}`,
      button: "Stop…",
      keys: "x",
      run: () => onCommand({ kind: "stop", rows }),
    },
  ];
}

/** Opens the placement page with an auction for what runs here. */
function usePlace(row: ComponentRow | undefined): () => void {
  const navigate = useNavigate();
  const selection = useSelection();
  return () => {
    if (!row) return;
    const asked = new URLSearchParams({ kind: "component", id: row.id, image: row.imageReference });
    void navigate(`${pathTo("placement", selection)}?${asked}`);
  };
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
