import type { System } from "../../shared/connections/schema.ts";
import type { ExecutionRow } from "../../shared/flowfabric/execution-schema.ts";
import type { RotationRow } from "../../shared/flowfabric/rotation-schema.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import type { JobRow } from "../../shared/forge/job-schema.ts";
import type { QueueRow } from "../../shared/forge/schema.ts";
import type { ComponentRow, HostRow, LinkRow, ProviderRow } from "../../shared/lattice/schema.ts";
import type { Action } from "../command/action.ts";
import { cancelFlow, claimWork, executionActions, type NamedFlow } from "../flowfabric/execution-actions.tsx";
import { rotationActions, startRotation } from "../flowfabric/rotation-actions.tsx";
import { addDaemon, daemonActions, toldDaemonActions } from "../flux/daemon-actions.tsx";
import type { WorkloadView } from "../flux/use-daemon-lists.ts";
import { workloadActions } from "../flux/workload-actions.tsx";
import { jobActions } from "../forge/job-actions.tsx";
import { queueActions } from "../forge/queue-actions.tsx";
import { scheduleActions } from "../forge/schedule-actions.tsx";
import { enqueueDemo, enqueueJob, sweepActions } from "../forge/sweep-actions.tsx";
import { componentActions, startComponent } from "../lattice/component-actions.tsx";
import { putConfig } from "../lattice/configs/config-actions.tsx";
import { hostActions } from "../lattice/host-actions.tsx";
import { linkActions, putLink } from "../lattice/links/link-actions.tsx";
import { providerActions, startProvider } from "../lattice/provider-actions.tsx";
import { giveCredentials } from "../lattice/registries/registry-actions.tsx";
import type { PageName } from "../state/paths.ts";

/** The kinds of things that the palette knows actions on, with the rows they concern. */
export interface ThingsByKind {
  host: HostRow;
  component: ComponentRow;
  provider: ProviderRow;
  link: LinkRow;
  queue: QueueRow;
  job: JobRow;
  schedule: Schedule;
  daemon: FluxDaemonRow;
  simulatedDaemon: FluxDaemonRow;
  workload: WorkloadView;
  execution: ExecutionRow;
  flow: NamedFlow;
  rotation: RotationRow;
}

export type ThingKind = keyof ThingsByKind;

/** The actions on each kind of thing, as its page and its drawer offer them. */
export const actionsOn: { [Kind in ThingKind]: readonly Action<ThingsByKind[Kind]>[] } = {
  host: hostActions,
  component: componentActions,
  provider: providerActions,
  link: linkActions,
  queue: queueActions,
  job: jobActions,
  schedule: scheduleActions,
  daemon: daemonActions,
  simulatedDaemon: toldDaemonActions,
  workload: workloadActions,
  execution: executionActions,
  flow: [cancelFlow],
  rotation: rotationActions,
};

interface PageAction {
  page: PageName;
  action: Action<unknown>;
}

/** The actions that begin with nothing selected, and the page each belongs to. */
export const actionsWithoutThing: Record<System, readonly PageAction[]> = {
  lattice: [
    { page: "components", action: startComponent },
    { page: "providers", action: startProvider },
    { page: "links", action: putLink },
    { page: "config", action: putConfig },
    { page: "claims", action: giveCredentials },
  ],
  forge: [enqueueJob, ...sweepActions, enqueueDemo].map((action) => ({ page: "jobs", action })),
  flux: [{ page: "daemons", action: addDaemon }],
  flowfabric: [
    { page: "rotations", action: startRotation },
    { page: "executions", action: claimWork },
    { page: "executions", action: cancelFlow },
  ],
};
