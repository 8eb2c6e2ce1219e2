import { useState } from "react";
import type { ProviderRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { stopProviderCommands } from "../copy-workloads.ts";
import { managedWarning, stopEffects, unreadLinksWarning } from "./stop-effects.ts";
import { stopLabel } from "./stop-label.ts";
import { StopPlanView } from "./stop-plan-view.tsx";
import { useStopKnowledge } from "./use-stop-knowledge.ts";

interface StopProvidersDialogProps {
  rows: readonly ProviderRow[];
  onClose: () => void;
}

/** Stops providers, each on its host. */
export function StopProvidersDialog(props: StopProvidersDialogProps) {
  const [rows] = useState(props.rows);
  const { connectionId, lattice, profile } = useSelection();
  const known = useStopKnowledge("lattice.providers");
  const names = new Map(rows.map((row) => [row.hostId, row.hostName]));
  const alone = new Set(rows.map(({ id }) => id)).size === 1;
  const label = stopLabel("provider", rows);
  const inputs = rows.map(({ hostId, id }) => ({ connectionId, lattice, hostId, providerId: id }));
  return (
    <CommandDialog
      title={alone ? `Stop provider ${rows[0]?.id}` : "Stop providers"}
      name="lattice.providers.stop"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading={alone ? "Host" : "Provider"}
      itemLabel={({ hostId, providerId }) => {
        const host = names.get(hostId) ?? hostId;
        return alone ? host : `${providerId} on ${host}`;
      }}
      actionLabel={label}
      copyAs={<CopyInputs what={label} inputs={inputs} commands={stopProviderCommands} />}
      destructive
      onClose={props.onClose}
    >
      <StopPlanView
        rows={rows}
        effects={stopEffects(rows, known)}
        warnings={[...managedWarning(rows), ...unreadLinksWarning(known.linksReadAt)]}
      />
    </CommandDialog>
  );
}
