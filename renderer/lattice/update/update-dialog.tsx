import { useState } from "react";
import type { InputFor } from "../../../shared/catalogue.ts";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { imageWith } from "../../command/typed-image.ts";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { formatQuantity } from "../../ui/format.ts";
import { entryProblems, mapOf } from "../../ui/map-entries.ts";
import { Notice } from "../../ui/notice.tsx";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { updateCommands } from "../copy-workloads.ts";
import { usePreviews } from "../use-previews.ts";
import { RestartCommand, type UpdateWayProps } from "./restart-command.tsx";
import { type UpdatePlan, UpdatePlanner } from "./update-planner.tsx";

type UpdateInput = InputFor<"lattice.components.update">;

interface UpdateDialogProps {
  /** One component on the hosts to update it on. */
  rows: readonly ComponentRow[];
  /** Its new image or only the tag, where that was said already. */
  image?: string | undefined;
  onClose: () => void;
}

/** Gives a running component another image, in one of two ways; what was written stays when the way is changed. */
export function UpdateDialog({ rows, image, onClose }: UpdateDialogProps) {
  const [hosts] = useState(rows);
  const [plan, setPlan] = useState<UpdatePlan>(() => firstPlan(hosts, image));
  const Way = plan.way === "restart" ? RestartCommand : UpdateCommand;
  return <Way hosts={hosts} plan={plan} onPlan={setPlan} onClose={onClose} />;
}

/** The update: preview of what changes and what is kept, then a receipt for each host. */
function UpdateCommand({ hosts, plan, onPlan, onClose }: UpdateWayProps) {
  const [sent, setSent] = useState(false);
  const { connectionId, lattice, profile } = useSelection();
  const component = hosts[0]?.id ?? "";
  const names = new Map(hosts.map((row) => [row.hostId, row.hostName]));
  const imageReference = plan.imageReference.trim();
  const annotations = plan.annotations && mapOf(plan.annotations);
  const good = imageReference !== "" && entryProblems(plan.annotations ?? []).size === 0;
  const inputs = good
    ? hosts.map(
        (row): UpdateInput => ({
          connectionId,
          lattice,
          hostId: row.hostId,
          componentId: row.id,
          imageReference,
          ...(annotations && { annotations }),
        }),
      )
    : undefined;
  const previews = usePreviews("lattice.components.preview-update", sent ? undefined : inputs);
  const nothingNew =
    hosts.every((row) => row.imageReference === imageReference) ||
    (!previews.pending && previews.previews.length === 0);
  const [only] = hosts;
  const where = hosts.length === 1 && only ? only.hostName : formatQuantity(hosts.length, "host");
  const label = `Update ${component} on ${where}`;
  return (
    <CommandDialog
      title={`Update ${component}`}
      name="lattice.components.update"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => names.get(hostId) ?? hostId}
      actionLabel={label}
      copyAs={
        <CopyInputs
          what={label}
          inputs={previews.pending ? undefined : previews.previews}
          commands={(place, { hostId, componentId, request }) =>
            updateCommands(place, {
              connectionId,
              lattice,
              hostId,
              componentId,
              imageReference: request.imageReference,
              annotations: request.annotations,
            })
          }
        />
      }
      disabled={nothingNew || previews.pending}
      receiptNote={<UpdateNote />}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <UpdatePlanner hosts={hosts} plan={plan} previews={previews} onPlan={onPlan} />
    </CommandDialog>
  );
}

/** Begins with what was asked for, or with the image that runs, so that only its tag has to be written anew; where several run, with nothing. */
function firstPlan(hosts: readonly ComponentRow[], image: string | undefined): UpdatePlan {
  const first = hosts[0];
  const agree = hosts.every((row) => row.imageReference === first?.imageReference);
  const running = agree ? (first?.imageReference ?? "") : "";
  const imageReference = image === undefined ? running : imageWith(running, image);
  return { way: "update", imageReference, annotations: undefined, config: undefined };
}

/** How hosts report an update, which takes some knowing (wasmcloud-control §2.7, traps 6 and 7). */
function UpdateNote() {
  return (
    <Notice slim tone="idle" shape="ring" title="How a host reports an update">
      A good one is announced twice, the second time with 0 instances: that does not mean that it stopped. A
      failed one is not announced at all, so that after a wait the console reads what the host lists. Its
      inventory then shows the new image; which code answers cannot be read.
    </Notice>
  );
}
