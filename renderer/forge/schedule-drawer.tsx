import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu, CopyInputs } from "./copy-as-menu.tsx";
import { CronMeaningView } from "./cron-meaning-view.tsx";
import { ExpressionDialog } from "./expression-dialog.tsx";
import { type ScheduleChange, scheduleChanges } from "./schedule-changes.ts";
import { scheduleLook } from "./schedule-columns.tsx";

interface ScheduleDrawerProps {
  schedule: Schedule;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
  onChanged: () => void;
}

/** One schedule: what its expression means, when it runs next, and what can be changed of it. */
export function ScheduleDrawer({ schedule, onClose, onStep, onChanged }: ScheduleDrawerProps) {
  const { connectionId } = useSystem("forge");
  const [change, setChange] = useState<ScheduleChange | "expression">();
  const returnTo = useRef<HTMLButtonElement>(null);
  const close = () => {
    setChange(undefined);
    onChanged();
  };
  return (
    <Drawer
      title={schedule.name}
      subtitle={<StatusBadge state={scheduleLook(schedule)} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <Button variant="default" onClick={() => setChange("enabled")}>
            {schedule.enabled ? "Turn off…" : "Turn on…"}
          </Button>
          <Button ref={returnTo} variant="default" onClick={() => setChange("expression")}>
            Expression…
          </Button>
          {schedule.dedupeKnown && (
            <Button variant="default" onClick={() => setChange("dedupe")}>
              Overlap…
            </Button>
          )}
          <Button variant="default" onClick={() => setChange("trigger")}>
            Trigger…
          </Button>
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
      {change === "expression" && (
        <ExpressionDialog schedule={schedule} returnTo={returnTo} onClose={close} />
      )}
      {change && change !== "expression" && (
        <ChangeDialog schedule={schedule} change={change} onClose={close} />
      )}
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

function ChangeDialog(props: { schedule: Schedule; change: ScheduleChange; onClose: () => void }) {
  const { schedule, change, onClose } = props;
  const { connectionId, place } = useSystem("forge");
  // What the dialog does stays as it was when it opened, while the schedule behind it changes.
  const [plan] = useState(() => scheduleChanges[change](schedule));
  const shared = {
    title: plan.title,
    place,
    itemLabel: () => schedule.name,
    itemHeading: "Schedule",
    actionLabel: plan.title,
    size: 620,
    onClose,
    children: <p>{plan.text}</p>,
  };
  const what = plan.title;
  const one = { connectionId, name: schedule.name };
  if (plan.command === "enabled") {
    const command = { name: "forge.cron.set-enabled", inputs: [{ ...one, enabled: plan.value }] } as const;
    return <CommandDialog {...shared} {...command} copyAs={<CopyInputs what={what} {...command} />} />;
  }
  if (plan.command === "dedupe") {
    const command = { name: "forge.cron.set-dedupe", inputs: [{ ...one, dedupe: plan.value }] } as const;
    return <CommandDialog {...shared} {...command} copyAs={<CopyInputs what={what} {...command} />} />;
  }
  const command = { name: "forge.cron.trigger", inputs: [one] } as const;
  return <CommandDialog {...shared} {...command} copyAs={<CopyInputs what={what} {...command} />} />;
}
