import { useCallback } from "react";
import type { Activity } from "../../../shared/contract/index.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { ActionButtons } from "../../command/action-buttons.tsx";
import { EntityActivities } from "../../command/entity-activities.tsx";
import { Drawer, DrawerSection, Facts } from "../../ui/drawer.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Notice } from "../../ui/notice.tsx";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import { EntityEvents, eventsOf } from "../entity-events.tsx";
import { ConfigLinks, WorkloadLink } from "../entity-links.tsx";
import { linkActions } from "./link-actions.tsx";
import { EndMark } from "./link-columns.tsx";
import { putLinkCommands } from "./link-commands.ts";
import { type Ends, type LinkView, witOf } from "./link-views.ts";

interface LinkDrawerProps {
  view: LinkView;
  ends: Ends;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one link. */
export function LinkDrawer({ view, ends, onClose, onStep }: LinkDrawerProps) {
  const { link, missing } = view;
  return (
    <Drawer
      title={`${link.sourceId} → ${link.target}`}
      subtitle={`${witOf(link)} · ${link.name}`}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Link" actions={linkActions} things={[link]} />
          <CopyAsMenu what="Put it as it is now" commands={(place) => putLinkCommands(place, link)} />
        </>
      }
    >
      {missing.length > 0 && (
        <Notice slim tone="warn" shape="question" title={`Nothing runs at its ${missing.join(" and ")}`}>
          The link is stored and waits; calls over it reach nobody until both ends run.
        </Notice>
      )}
      <LinkFacts link={link} ends={ends} />
      <EntityEvents filter={eventsOf({ kind: "link", id: link.sourceId })} />
      <EntityActivities concerns={useConcerns(link)} />
      <DrawerSection title="JSON">
        <JsonView value={link} label="Link" />
      </DrawerSection>
    </Drawer>
  );
}

function LinkFacts({ link, ends }: { link: LinkRow; ends: Ends }) {
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Source", <End key="source" id={link.sourceId} ends={ends} />],
          ["Target", <End key="target" id={link.target} ends={ends} />],
          [
            "WIT package",
            <span key="wit" className="mono">
              {witOf(link)}
            </span>,
          ],
          [
            "Interfaces",
            <span key="interfaces" className="mono">
              {link.interfaces.join(", ") || "none: it carries nothing"}
            </span>,
          ],
          ["Link name", link.name],
          ["Source config", <ConfigLinks key="sourceConfig" names={link.sourceConfig} />],
          ["Target config", <ConfigLinks key="targetConfig" names={link.targetConfig} />],
        ]}
      />
    </DrawerSection>
  );
}

function End({ id, ends }: { id: string; ends: Ends }) {
  const kind = ends.get(id);
  return kind ? (
    <>
      <WorkloadLink kind={kind} id={id} /> ({kind})
    </>
  ) : (
    <EndMark id={id} missing />
  );
}

/** A deletion concerns every link of its key, because it does not name the target. */
function useConcerns({ sourceId, witNamespace, witPackage, name }: LinkRow) {
  return useCallback(
    ({ target }: Activity) =>
      target?.kind === "link" && target.id === [sourceId, witNamespace, witPackage, name].join("|"),
    [sourceId, witNamespace, witPackage, name],
  );
}
