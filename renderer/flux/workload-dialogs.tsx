import { useTopic } from "../client/use-topic.ts";
import { useSystem } from "../state/selection.ts";
import { PolicyDialog } from "./policy-dialog.tsx";
import type { PolicyPlan } from "./policy-plan.ts";
import { ReleaseDialog } from "./release-dialog.tsx";
import type { ReleaseTarget } from "./release-plan.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

/** What is to be done with some workloads. */
export type WorkloadAction =
  | { kind: "release"; workloads: readonly WorkloadView[]; image?: string }
  | { kind: "policies"; workloads: readonly WorkloadView[]; begin?: Partial<PolicyPlan> };

/** The dialog of one action on some workloads. */
export function WorkloadDialogs({ action, onClose }: { action: WorkloadAction; onClose: () => void }) {
  const { connectionId } = useSystem("flux");
  const daemons = useTopic("flux.daemons", { connectionId }).rows;
  if (action.kind === "policies")
    return <PolicyDialog workloads={action.workloads} begin={action.begin} onClose={onClose} />;
  const protocols = new Map(daemons.map(({ id, protocol = 0 }) => [id, protocol]));
  return (
    <ReleaseDialog targets={targetsOf(action.workloads, protocols)} image={action.image} onClose={onClose} />
  );
}

/** The chosen workloads by daemon. */
function targetsOf(
  workloads: readonly WorkloadView[],
  protocols: ReadonlyMap<string, number>,
): ReleaseTarget[] {
  const targets = new Map<string, ReleaseTarget & { workloads: string[] }>();
  for (const { daemonId, daemonName, id } of workloads) {
    const target = targets.get(daemonId);
    if (target) target.workloads.push(id);
    else
      targets.set(daemonId, {
        daemonId,
        daemonName,
        protocol: protocols.get(daemonId) ?? 0,
        workloads: [id],
      });
  }
  return [...targets.values()];
}
