import type { Schedule } from "../../shared/forge/cron-schema.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { CronMeaningView } from "./cron-meaning-view.tsx";
import { scheduleActions } from "./schedule-actions.tsx";
import { scheduleLook } from "./schedule-columns.tsx";

interface ScheduleDrawerProps {
  schedule: Schedule;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** One schedule: what its expression means, when it runs next, and what can be changed of it. */
export function ScheduleDrawer({ schedule, onClose, onStep }: ScheduleDrawerProps) {
  const { connectionId } = useSystem("forge");
  return (
    <Drawer
      title={schedule.name}
      subtitle={<StatusBadge state={scheduleLook(schedule)} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Schedule" actions={scheduleActions} things={[schedule]} />
          <CopyAsMenu
            what="Read the schedules"
            commands={(target) => readCommandsOf({ name: "forge.cron.list", connectionId }, target)}
          />
        </>
      }
    >
      {schedule.lastError && (
        <Notice slim tone="bad" shape="cross" title="Last error">
          {schedule.lastError}
          {!schedule.enabled && " The server turns a schedule off when it cannot enqueue its job."}
        </Notice>
      )}
      <DrawerSection title="Runs">
        <CronMeaningView expression={schedule.expression} />
      </DrawerSection>
      <ScheduleFacts schedule={schedule} />
      <DrawerSection title="Payload">
        <JsonView value={schedule.payload} label="Payload" />
      </DrawerSection>
      <TargetActivities kind="schedule" id={schedule.name} />
    </Drawer>
  );
}

function ScheduleFacts({ schedule }: { schedule: Schedule }) {
  const { queueName, enabled, nextFireAt, lastFiredAt, maxAttempts, dedupeKey } = schedule;
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Kind", schedule.kind],
          ["Queue", queueName ?? "by the kind's prefix"],
          [
            "Next, as the server says",
            enabled && nextFireAt ? <RelativeTime key="next" at={nextFireAt} future /> : "–",
          ],
          ["Last fired", lastFiredAt ? <RelativeTime key="last" at={lastFiredAt} /> : "never"],
          ["Attempts", maxAttempts],
          ["Dedupe key", dedupeKey && <code key="key">{dedupeKey}</code>],
          ["Changed", <RelativeTime key="changed" at={schedule.updatedAt} />],
        ]}
      />
    </DrawerSection>
  );
}
