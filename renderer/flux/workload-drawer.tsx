import { useCallback } from "react";
import type { Activity } from "../../shared/contract/index.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { EntityActivities } from "../command/entity-activities.tsx";
import { useBegin } from "../command/use-actions.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { AvailableImages } from "./available-images.tsx";
import { EventList } from "./event-list.tsx";
import classes from "./flux.module.css";
import { workloadLook } from "./flux-look.ts";
import { lockText } from "./flux-words.ts";
import type { WorkloadView } from "./use-daemon-lists.ts";
import { releaseWorkloads, workloadActions } from "./workload-actions.tsx";

interface WorkloadDrawerProps {
  workload: WorkloadView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** Everything known of one workload, and what can be done with it. */
export function WorkloadDrawer({ workload, onClose, onStep }: WorkloadDrawerProps) {
  const { id, daemonId } = workload;
  const begin = useBegin();
  const concerns = useCallback(
    ({ input, target }: Activity) =>
      input.daemonId === daemonId &&
      (target?.id === id || JSON.stringify(input).includes(JSON.stringify(id))),
    [daemonId, id],
  );
  return (
    <Drawer
      title={workload.name}
      subtitle={<span className={classes.mono}>{id}</span>}
      onClose={onClose}
      onStep={onStep}
      actions={
        <ActionButtons group="Workload" actions={workloadActions} things={[workload]} more="Policies" />
      }
    >
      <WorkloadNotices workload={workload} />
      <WorkloadFacts workload={workload} />
      <Policies workload={workload} />
      <AvailableImages
        workload={workload}
        onRelease={(image) => begin(releaseWorkloads, [workload], { value: image })}
      />
      <EventList daemonId={daemonId} workload={id} />
      <EntityActivities concerns={concerns} />
      <DrawerSection title="JSON">
        <JsonView value={workload} label="Workload" />
      </DrawerSection>
    </Drawer>
  );
}

function WorkloadNotices({ workload }: { workload: WorkloadView }) {
  return (
    <>
      {workload.syncError !== "" && (
        <Notice slim tone="bad" shape="bang" title="The last sync could not apply it">
          {workload.syncError}
        </Notice>
      )}
      {workload.locked && (
        <Notice slim tone="warn" shape="forbidden" title="Locked: releases are refused">
          {lockText(workload)}
        </Notice>
      )}
      {workload.ignored && (
        <Notice slim tone="warn" shape="forbidden" title="Ignored: its manifest is not applied">
          A release would be committed and never reach the cluster.
        </Notice>
      )}
      {workload.refusal && (
        <Notice slim tone="warn" shape="forbidden" title="Neither release nor policy change is possible">
          {workload.refusal}
        </Notice>
      )}
      {currentMessages(workload).map((message) => (
        <Notice key={message} slim tone="bad" shape="cross" title={message} />
      ))}
    </>
  );
}

/** While a rollout has only started, its messages are of the one before (flux-rpc §3.1.5). */
function currentMessages({ status, rollout }: WorkloadView): readonly string[] {
  return status === "started" ? [] : (rollout?.messages ?? []);
}

function WorkloadFacts({ workload }: { workload: WorkloadView }) {
  const { rollout } = workload;
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Status", <StatusBadge key="status" state={workloadLook(workload)} />],
          ["Daemon", workload.daemonName],
          ["Kind", workload.kind],
          ["Namespace", workload.namespace],
          [
            "Rollout",
            rollout &&
              `${rollout.updated} of ${rollout.desired} updated, ${rollout.ready} ready, ${rollout.outdated} outdated`,
          ],
          ["Made by", workload.antecedent && <code>{workload.antecedent}</code>],
          [
            "Labels",
            Object.entries(workload.labels)
              .map(([name, value]) => `${name}=${value}`)
              .join(", "),
          ],
        ]}
      />
    </DrawerSection>
  );
}

function Policies({ workload }: { workload: WorkloadView }) {
  const entries = Object.entries(workload.policies).sort();
  return (
    <DrawerSection title="Policies">
      {entries.length === 0 && <span className={classes.hint}>None in its manifest.</span>}
      <span className={classes.chips}>
        {entries.map(([name, value]) => (
          <span key={name} className={classes.chip}>
            {value === "true" ? name : `${name}=${value}`}
          </span>
        ))}
      </span>
    </DrawerSection>
  );
}
