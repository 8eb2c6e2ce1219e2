import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useNavigate, useParams } from "react-router";
import type { Activity } from "../../shared/contract/index.ts";
import { pathTo } from "../state/paths.ts";
import { useOptionalSelection } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { DrawerSection } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Page } from "../ui/page.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
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

/** One activity alone: what happened when, and under it request, reply and evidence side by side. */
export function OneActivityPage() {
  const { activityId = "" } = useParams();
  const { activity, failure } = useActivity(activityId);
  const toList = useToList();
  const back = (
    <Button variant="default" leftSection={<IconArrowLeft size={14} aria-hidden="true" />} onClick={toList}>
      All activities
    </Button>
  );
  if (!activity) {
    return (
      <Page title="Activity" actions={back}>
        {failure ? <FailureNotice what="Not found" failure={failure} /> : <LoadingSkeleton rows={8} />}
      </Page>
    );
  }
  return (
    <Page
      title={activity.title}
      scroll
      counts={
        <span className={classes.state}>
          <StatusBadge state={activity.state} filled />
          <ActivityPips activity={activity} />
        </span>
      }
      actions={
        <>
          {back}
          <ActivityActions activity={activity} />
        </>
      }
    >
      <ActivityBody activity={activity} />
    </Page>
  );
}

function ActivityBody({ activity }: { activity: Activity }) {
  return (
    <>
      <p className={classes.message}>{activity.message}</p>
      {activity.state === "unknown" && <UnknownNotice />}
      <div className={classes.columns}>
        <DrawerSection title="Timeline">
          <Timeline activity={activity} />
        </DrawerSection>
        <ActivityFacts activity={activity} />
      </div>
      <div className={classes.columns}>
        <RequestSection activity={activity} />
        <ReplySection activity={activity} />
        <DrawerSection title={`Evidence (${activity.evidence.length})`}>
          <EvidenceList evidence={activity.evidence} opened />
        </DrawerSection>
      </div>
      <RecordSection activityId={activity.id} step={activity.steps.length} />
    </>
  );
}

/** Back to the list: the very one that one came from, or the whole of it where the page was opened by its address. */
function useToList(): () => void {
  const navigate = useNavigate();
  const selection = useOptionalSelection();
  const history = window.history.state as { idx?: number } | null;
  const toList = () => ((history?.idx ?? 0) > 0 ? navigate(-1) : navigate(pathTo("activity", selection)));
  useShortcuts([
    {
      id: "activity-list",
      label: "Back to the list",
      group: "Activity",
      keys: "escape",
      keyOnly: true,
      run: () => void toList(),
    },
  ]);
  return () => void toList();
}
