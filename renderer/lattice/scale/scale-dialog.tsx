import { useState } from "react";
import type { InputFor } from "../../../shared/catalogue.ts";
import type { ComponentRow } from "../../../shared/lattice/schema.ts";
import { CommandDialog } from "../../command/command-dialog.tsx";
import { placeOf } from "../../state/place.ts";
import { useSelection } from "../../state/selection.ts";
import { CopyInputs } from "../commands/copy-inputs.tsx";
import { unbounded } from "../component-groups.ts";
import { scaleCommands } from "../copy-as.ts";
import { usePreviews } from "../use-previews.ts";
import { buttonText, countsFor, parseCount, type ScalePlan } from "./scale-plan.ts";
import { ScalePlanner } from "./scale-planner.tsx";

type ScaleInput = InputFor<"lattice.components.scale">;

interface ScaleDialogProps {
  /** One component on the hosts to scale it on. */
  rows: readonly ComponentRow[];
  /** How many on each host, where that was said already. */
  count?: string | undefined;
  onClose: () => void;
}

/** Scales one component: plan, preview of what changes and what is lost, guard, and then a receipt for each host. */
export function ScaleDialog({ rows, count, onClose }: ScaleDialogProps) {
  // What is planned stays what it was when the dialog opened; the preview tells what runs now.
  const [hosts] = useState(rows);
  const [plan, setPlan] = useState<ScalePlan>(() => firstPlan(hosts, count));
  const [config, setConfig] = useState<readonly string[]>();
  const { connectionId, lattice, profile } = useSelection();
  const [sent, setSent] = useState(false);
  const component = hosts[0]?.id ?? "";
  const names = new Map(hosts.map((row) => [row.hostId, row.hostName]));

  const parsed = parseCount(plan.text);
  const counts = parsed.ok ? countsFor(plan.mode, parsed.count, hosts.length) : [];
  const inputs = parsed.ok
    ? hosts.map((row, index): ScaleInput => {
        const input = { connectionId, lattice, hostId: row.hostId, componentId: row.id };
        return { ...input, maxInstances: counts[index] ?? 0, ...(config && { config: [...config] }) };
      })
    : undefined;
  const previews = usePreviews("lattice.components.preview-scale", sent ? undefined : inputs);
  return (
    <CommandDialog
      title={`Scale ${component}`}
      name="lattice.components.scale"
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Host"
      itemLabel={({ hostId }) => names.get(hostId) ?? hostId}
      actionLabel={buttonText({
        component,
        mode: plan.mode,
        count: parsed.ok ? parsed.count : undefined,
        hosts,
      })}
      copyAs={
        <CopyInputs
          what={`Scale ${component}`}
          inputs={previews.pending ? undefined : previews.previews}
          commands={(place, { hostId, componentId, request }) =>
            scaleCommands(place, { hostId, componentId, ...request })
          }
        />
      }
      destructive={parsed.ok && parsed.count === 0}
      disabled={previews.pending || previews.previews.length === 0}
      onSend={() => setSent(true)}
      onClose={onClose}
    >
      <ScalePlanner
        hosts={hosts}
        plan={plan}
        counts={counts}
        previews={previews}
        config={config}
        onPlan={setPlan}
        onConfig={setConfig}
      />
    </CommandDialog>
  );
}

/** Begins with what was asked for, or with what runs now where all hosts agree, so that nothing changes unless asked for. */
function firstPlan(hosts: readonly ComponentRow[], count: string | undefined): ScalePlan {
  if (count !== undefined) return { mode: "per-host", text: count };
  const first = hosts[0]?.maxInstances ?? 1;
  const agree = hosts.every((row) => row.maxInstances === first);
  return { mode: "per-host", text: agree ? (first >= unbounded ? "unbounded" : String(first)) : "" };
}
