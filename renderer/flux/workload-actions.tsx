import { useTopic } from "../client/use-topic.ts";
import type { Action, ActionDialogProps } from "../command/action.ts";
import { imageWith, typedImage } from "../command/typed-image.ts";
import { useSystem } from "../state/selection.ts";
import { formatQuantity } from "../ui/format.ts";
import { PolicyDialog } from "./policy-dialog.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";
import type { ReleaseTarget } from "./release-plan.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";

type Workloads = readonly WorkloadView[];

/** Releases images to workloads. */
export const releaseWorkloads: Action<WorkloadView> = {
  id: "workload-release",
  operation: "flux.release",
  verb: "Release",
  synonyms: "deploy update upgrade image",
  label: (workloads, image) => `Release ${nameOf(workloads)}${image === undefined ? "" : ` to ${image}`}`,
  primary: true,
  bulk: true,
  refusal: (workloads) => refusalOf(workloads) ?? ignoredText(workloads),
  parameter: typedImage,
  Dialog: WorkloadRelease,
};

/** What can be done with workloads. */
export const workloadActions: readonly Action<WorkloadView>[] = [
  releaseWorkloads,
  {
    ...policyAction("Automate"),
    id: "workload-automate",
    applies: (workloads) => workloads.some(({ automated }) => !automated),
    Dialog: ({ things, onClose }) => (
      <PolicyDialog workloads={things} begin={{ automation: "on" }} onClose={onClose} />
    ),
  },
  {
    ...policyAction("Deautomate"),
    id: "workload-deautomate",
    applies: (workloads) => workloads.some(({ automated }) => automated),
    Dialog: ({ things, onClose }) => (
      <PolicyDialog workloads={things} begin={{ automation: "off" }} onClose={onClose} />
    ),
  },
  {
    ...policyAction("Lock"),
    id: "workload-lock",
    applies: (workloads) => workloads.some(({ locked }) => !locked),
    Dialog: ({ things, onClose }) => (
      <PolicyDialog workloads={things} begin={{ lock: "on" }} onClose={onClose} />
    ),
  },
  {
    ...policyAction("Unlock"),
    id: "workload-unlock",
    applies: (workloads) => workloads.some(({ locked }) => locked),
    Dialog: ({ things, onClose }) => (
      <PolicyDialog workloads={things} begin={{ lock: "off" }} onClose={onClose} />
    ),
  },
  {
    ...policyAction("Policies"),
    id: "workload-policies",
    synonyms: "set tag filter ignore",
    label: (workloads) => `Change policies of ${nameOf(workloads)}`,
    button: () => "Tag filters and more…",
    bulk: true,
    Dialog: ({ things, onClose }) => <PolicyDialog workloads={things} onClose={onClose} />,
  },
];

/** What the changes of policies have in common. */
function policyAction(verb: string) {
  return {
    operation: "flux.policy.update",
    verb,
    label: (workloads: Workloads) => `${verb} ${nameOf(workloads)}`,
    secondary: true,
    refusal: refusalOf,
  } as const;
}

function nameOf(workloads: Workloads): string {
  const [only] = workloads;
  return workloads.length === 1 && only ? only.name : formatQuantity(workloads.length, "workload");
}

/** Of several it is left to the daemon, which says so for each. */
function refusalOf([only, ...more]: Workloads): string | undefined {
  return more.length > 0 ? undefined : only?.refusal;
}

function ignoredText([only, ...more]: Workloads): string | undefined {
  return more.length === 0 && only?.ignored
    ? "Its manifest is not applied: a release would never reach the cluster."
    : undefined;
}

/** The image of its dialog: as typed, or the tag behind the image that the first container runs. */
function WorkloadRelease({ things, value, onClose }: ActionDialogProps<WorkloadView>) {
  const { connectionId } = useSystem("flux");
  const daemons = useTopic("flux.daemons", { connectionId }).rows;
  const protocols = new Map(daemons.map(({ id, protocol = 0 }) => [id, protocol]));
  const running = things[0]?.containers[0]?.image ?? "";
  const image = value === undefined ? undefined : imageWith(running, value);
  return <ReleaseDialog targets={targetsOf(things, protocols)} image={image} onClose={onClose} />;
}

/** The chosen workloads by daemon. */
function targetsOf(workloads: Workloads, protocols: ReadonlyMap<string, number>): ReleaseTarget[] {
  const targets = new Map<string, ReleaseTarget & { workloads: string[] }>();
  for (const { daemonId, daemonName, id } of workloads) {
    const protocol = protocols.get(daemonId) ?? 0;
    const target = targets.get(daemonId);
    if (target) target.workloads.push(id);
    else targets.set(daemonId, { daemonId, daemonName, protocol, workloads: [id] });
  }
  return [...targets.values()];
}
