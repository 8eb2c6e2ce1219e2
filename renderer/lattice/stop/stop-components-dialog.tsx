import { useState } from "react";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { useOperation } from "../../client/query.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { scaleCommands } from "../copy-as.ts";
import { componentStopWarnings, oldCodeWarning, stopEffects, unreadLinksWarning } from "./stop-effects.ts";
import { stopLabel } from "./stop-label.ts";
import { StopPlanView } from "./stop-plan-view.tsx";
import { useStopKnowledge } from "./use-stop-knowledge.ts";

interface StopComponentsDialogProps {
  rows: readonly ComponentRow[];
  onClose: () => void;
}

/** Stops components, each on its host; a stop is a scale to 0 (wasmcloud-control §2.6). */
export function StopComponentsDialog(props: StopComponentsDialogProps) {
  const [rows] = useState(props.rows);
  const { connectionId, lattice, profile } = useSelection();
  const known = useStopKnowledge("lattice.components");
  const names = new Map(rows.map((row) => [row.hostId, row.hostName]));
  const alone = new Set(rows.map(({ id }) => id)).size === 1;
  const label = stopLabel("component", rows);
  const updated = useOperation("lattice.components.updated", { connectionId, lattice }).data ?? [];
  return (
    <CommandDialog
      title={alone ? `Stop ${rows[0]?.id}` : "Stop components"}
      name="lattice.components.scale"
      place={placeOf(profile)}
      inputs={rows.map(({ hostId, id }) => ({
        connectionId,
        lattice,
        hostId,
        componentId: id,
        maxInstances: 0,
      }))}
      itemHeading={alone ? "Host" : "Component"}
      itemLabel={({ hostId, componentId }) => {
        const host = names.get(hostId) ?? hostId;
        return alone ? host : `${componentId} on ${host}`;
      }}
      actionLabel={label}
      copyAs={
        <CopyInputs
          what={label}
          inputs={rows}
          commands={(place, row) => scaleCommands(place, { ...row, componentId: row.id, maxInstances: 0 })}
        />
      }
      destructive
      onClose={props.onClose}
    >
      <StopPlanView
        rows={rows}
        effects={stopEffects(rows, known)}
        warnings={[
          ...componentStopWarnings(rows, known.hosts),
          ...unreadLinksWarning(known.linksReadAt),
          ...oldCodeWarning(rows, updated),
        ]}
      />
    </CommandDialog>
  );
}
