import { useState } from "react";
import type { InputFor } from "../../../shared/catalogue.ts";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { formatQuantity } from "../../ui/format.ts";
import { entryProblems, mapOf } from "../../ui/map-entries.ts";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { restartCommands } from "../copy-workloads.ts";
import { usePreviews } from "../use-previews.ts";
import { type UpdatePlan, UpdatePlanner } from "./update-planner.tsx";

type RestartInput = InputFor<"lattice.components.restart">;

/** One component on the hosts that are meant, and what was written of its change so far. */
export interface UpdateWayProps {
  hosts: readonly ComponentRow[];
  plan: UpdatePlan;
  onPlan: (plan: UpdatePlan) => void;
  onClose: () => void;
}

/** The stop and start, host by host: the first alone, so that an image that cannot be loaded stops it on one host only. */
export function RestartCommand({ hosts, plan, onPlan, onClose }: UpdateWayProps) {
  const [sent, setSent] = useState(false);
  const { connectionId, lattice, profile } = useSelection();
  const component = hosts[0]?.id ?? "";
  const running = new Map(hosts.map((row) => [row.hostId, row]));
  const imageReference = plan.imageReference.trim();
  const annotations = plan.annotations && mapOf(plan.annotations);
  const good = imageReference !== "" && entryProblems(plan.annotations ?? []).size === 0;
  const inputs = good
    ? hosts.map(
        (row): RestartInput => ({
          connectionId,
          lattice,
          hostId: row.hostId,
          componentId: row.id,
          imageReference,
          ...(annotations && { annotations }),
          ...(plan.config && { config: [...plan.config] }),
        }),
      )
    : undefined;
  const previews = usePreviews("lattice.components.preview-restart", sent ? undefined : inputs);
  const [only] = hosts;
  const where = hosts.length === 1 && only ? only.hostName : formatQuantity(hosts.length, "host");
  const label = `Stop and start ${component} on ${where}`;
  return (
    <CommandDialog
      title={`Stop and start ${component}`}
      name="lattice.components.restart"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => running.get(hostId)?.hostName ?? hostId}
      actionLabel={label}
      copyAs={
        <CopyInputs
          what={label}
          inputs={previews.pending ? undefined : previews.previews}
          commands={(place, { hostId, componentId, request }) =>
            restartCommands(place, {
              ...request,
              hostId,
              componentId,
              runningImage: running.get(hostId)?.imageReference ?? request.imageReference,
            })
          }
        />
      }
      destructive
      firstAlone={hosts.length > 1}
      disabled={previews.pending || previews.previews.length === 0}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <UpdatePlanner hosts={hosts} plan={plan} previews={previews} onPlan={onPlan} />
    </CommandDialog>
  );
}
