import type { Activity } from "../../shared/contract/index.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { Drawer, DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import classes from "./activity.module.css";
import { ActivityActions } from "./activity-actions.tsx";
import {
  ActivityFacts,
  RecordSection,
  ReplySection,
  RequestSection,
  UnknownNotice,
} from "./activity-parts.tsx";
import { EvidenceList } from "./evidence-list.tsx";
import { Timeline } from "./timeline.tsx";
import { useActivity } from "./use-activity.ts";

export interface ActivityDrawerProps {
  /** The row of the list, if it holds it. */
  activity: Activity | undefined;
  activityId: string;
  onClose: () => void;
  onStep?: (by: -1 | 1) => void;
}

/** One activity beside the list: timeline, request, reply, evidence, and what can be done about it. */
export function ActivityDrawer({ activity, activityId, onClose, onStep }: ActivityDrawerProps) {
  const { activity: shown, failure } = useActivity(activityId, activity);
  if (!shown) {
    return (
      <Drawer title="Activity" onClose={onClose} onStep={onStep}>
        {failure && <FailureNotice what="Not found" failure={failure} />}
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
      actions={<ActivityActions activity={shown} toPage />}
    >
      <p className={classes.message}>{shown.message}</p>
      {shown.state === "unknown" && <UnknownNotice />}
      <ActivityFacts activity={shown} />
      <DrawerSection title="Timeline">
        <Timeline activity={shown} />
      </DrawerSection>
      {shown.request && <RequestSection activity={shown} />}
      {shown.reply !== undefined && <ReplySection activity={shown} />}
      <DrawerSection title={`Evidence (${shown.evidence.length})`}>
        <EvidenceList evidence={shown.evidence} />
      </DrawerSection>
      <RecordSection activityId={activityId} step={shown.steps.length} />
    </Drawer>
  );
}
