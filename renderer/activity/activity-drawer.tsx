import { Button } from "@mantine/core";
import { type OperationName, operations } from "../../shared/catalogue.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { curlOf, wireCommandOf } from "../client/copy-as.ts";
import { useCommand, useOperation } from "../client/query.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { CopyButton, CopyTextButton } from "../ui/copy-button.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatDuration } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./activity.module.css";
import { EvidenceList } from "./evidence-list.tsx";
import { Timeline } from "./timeline.tsx";

export interface ActivityDrawerProps {
  /** The live row; undefined where only the log still holds it. */
  activity: Activity | undefined;
  activityId: string;
  onClose: () => void;
  onStep?: (by: -1 | 1) => void;
}

/** One activity whole: timeline, request, reply, evidence, and what can be done about an unknown end. */
export function ActivityDrawer({ activity, activityId, onClose, onStep }: ActivityDrawerProps) {
  const logged = useOperation("activity.get", { activityId }, { enabled: activity === undefined });
  const shown = activity ?? logged.data?.activity;
  if (!shown) {
    return (
      <Drawer title="Activity" onClose={onClose} onStep={onStep}>
        {logged.error && <FailureNotice what="Not found" failure={logged.error.toData()} />}
      </Drawer>
    );
  }
  return (
    <Drawer
      title={shown.title}
      subtitle={
        <span className={classes.state}>
          <StatusBadge state={shown.state} filled />
          <ActivityPips activity={shown} />
        </span>
      }
      onClose={onClose}
      onStep={onStep}
      actions={<ActivityActions activity={shown} />}
    >
      <p className={classes.message}>{shown.message}</p>
      {shown.state === "unknown" && <UnknownNotice />}
      <ActivityFacts activity={shown} />
      <DrawerSection title="Timeline">
        <Timeline activity={shown} />
      </DrawerSection>
      <ExchangeSections activity={shown} />
      <DrawerSection title={`Evidence (${shown.evidence.length})`}>
        <EvidenceList evidence={shown.evidence} />
      </DrawerSection>
      <RecordSection activityId={activityId} step={shown.steps.length} />
    </Drawer>
  );
}

function UnknownNotice() {
  return (
    <Notice tone="warn" shape="question" title="It may still finish">
      No evidence came in time. Reconcile reads the present state of the target and settles what can be
      settled.
    </Notice>
  );
}

function ActivityActions({ activity }: { activity: Activity }) {
  const reconcile = useCommand("activity.reconcile");
  const name = activity.operation as OperationName;
  return (
    <>
      {activity.state === "unknown" && (
        <Button
          loading={reconcile.pending}
          onClick={() => void reconcile.run({ activityId: activity.id }).catch(() => undefined)}
        >
          Reconcile
        </Button>
      )}
      {name in operations && (
        <CopyTextButton label="Copy as curl" text={() => curlOf(name, activity.input as never)} />
      )}
      <CopyTextButton label="Copy as JSON" text={() => JSON.stringify(activity, null, 2)} />
      {reconcile.failure && <FailureNotice what="Not reconciled" failure={reconcile.failure} />}
    </>
  );
}

function ActivityFacts({ activity }: { activity: Activity }) {
  const { target, reason, actor, transport, connectionId, batch, operation } = activity;
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Target", target && `${target.kind} ${target.label}`],
          ["Host", target?.hostName],
          ["Lattice", target?.lattice],
          ["Connection", connectionId],
          ["Reason", reason],
          [
            "By",
            actor === transport
              ? transport.toUpperCase()
              : `${actor} (${transport === "ipc" ? "this window" : "HTTP"})`,
          ],
          [
            "Operation",
            <span key="operation" className="mono">
              {operation}
            </span>,
          ],
          ["Batch", batch && <span className="mono">{batch}</span>],
          ["Started", <ExactTime key="started" at={activity.startedAt} />],
          ["Acknowledged", durationText(activity.acknowledgedAfterMs)],
          ["Confirmed", durationText(activity.confirmedAfterMs)],
        ]}
      />
    </DrawerSection>
  );
}

function durationText(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : `after ${formatDuration(milliseconds)}`;
}

function ExchangeSections({ activity }: { activity: Activity }) {
  const { request, reply } = activity;
  const command = request && wireCommandOf(request);
  return (
    <>
      {request && (
        <DrawerSection
          title={`Request over ${request.protocol}`}
          actions={command && <CopyButton text={command} label="Copy as a command" />}
        >
          <p className="mono">{[request.method, request.address].filter(Boolean).join(" ")}</p>
          {request.payload !== undefined && <JsonView value={request.payload} label="request" />}
        </DrawerSection>
      )}
      {reply !== undefined && (
        <DrawerSection title="Reply">
          <JsonView value={reply} label="reply" />
        </DrawerSection>
      )}
    </>
  );
}

function RecordSection({ activityId, step }: { activityId: string; step: number }) {
  const { data, refetch, isFetching } = useOperation("activity.get", { activityId }, { enabled: false });
  return (
    <DrawerSection
      title="Log"
      actions={
        <Button variant="subtle" loading={isFetching} onClick={() => void refetch()}>
          {data ? "Read again" : "Read the recorded steps"}
        </Button>
      }
    >
      {data ? (
        <JsonView
          label="log"
          value={data.records.map(({ sequence, hash, previousHash, activity }) => ({
            sequence,
            state: activity.state,
            at: activity.updatedAt,
            hash,
            previousHash,
          }))}
        />
      ) : (
        <span className={classes.faint}>{step} steps, each chained by its hash to the record before it</span>
      )}
    </DrawerSection>
  );
}
