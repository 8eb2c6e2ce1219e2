import { TextInput } from "@mantine/core";
import { type RefObject, useState } from "react";
import { readCron } from "../../shared/forge/cron-expression.ts";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import type { Action, ActionDialogProps } from "../command/action.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { CopyInputs } from "./copy-as-menu.tsx";
import { CronMeaningView } from "./cron-meaning-view.tsx";
import classes from "./forge.module.css";

type ScheduleChange = "enabled" | "dedupe" | "trigger";

interface ChangePlan {
  command: ScheduleChange;
  /** What the switch becomes; without meaning for a trigger. */
  value: boolean;
  title: string;
  text: string;
}

/** What each change of a schedule is called and means, from how the schedule is now. */
const scheduleChanges: Readonly<Record<ScheduleChange, (schedule: Schedule) => ChangePlan>> = {
  enabled: ({ name, enabled }) => ({
    command: "enabled",
    value: !enabled,
    title: `Turn ${name} ${enabled ? "off" : "on"}`,
    text: enabled
      ? "It fires no more until it is turned on again. Jobs that it has enqueued stay."
      : "Its next time is worked out within five seconds; times that it missed are not made up for. Its last error is cleared.",
  }),
  dedupe: ({ name, dedupeKey }) => ({
    command: "dedupe",
    value: dedupeKey === undefined,
    title: dedupeKey === undefined ? `Skip overlapping runs of ${name}` : `Allow overlapping runs of ${name}`,
    text: overlapText(name, dedupeKey),
  }),
  trigger: ({ name, dedupeKey }) => ({
    command: "trigger",
    value: true,
    title: `Trigger ${name}`,
    text: `Its job is enqueued at once, even if the schedule is off${dedupeKey === undefined ? "" : ", and even if one with its dedupe key is active"}. On servers whose clock is not in UTC the next time may be shown shifted until it has fired again.`,
  }),
};

function overlapText(name: string, key: string | undefined): string {
  if (key === undefined)
    return `While a job of ${name} is pending or running, the next time is skipped. Its dedupe key becomes its name.`;
  const custom =
    key === name ? "" : ` Its own key ${key} is lost: skipping again would use the schedule's name.`;
  return `A new job is enqueued at every time, whether or not the one before is over.${custom}`;
}

const refreshes = ["forge.cron.list"] as const;

/** What can be done with a schedule. */
export const scheduleActions: readonly Action<Schedule>[] = [
  {
    operation: "forge.cron.set-enabled",
    label: (schedules) => titleOf("enabled", schedules),
    refreshes,
    Dialog: (props) => <ChangeDialog {...props} change="enabled" />,
    id: "schedule-off",
    verb: "Turn off",
    synonyms: "disable pause stop",
    applies: ([schedule]) => schedule?.enabled === true,
  },
  {
    operation: "forge.cron.set-enabled",
    label: (schedules) => titleOf("enabled", schedules),
    refreshes,
    Dialog: (props) => <ChangeDialog {...props} change="enabled" />,
    id: "schedule-on",
    verb: "Turn on",
    synonyms: "enable resume start",
    applies: ([schedule]) => schedule?.enabled === false,
  },
  {
    id: "schedule-expression",
    operation: "forge.cron.set-expression",
    verb: "Expression",
    synonyms: "set cron reschedule",
    label: ([schedule], expression) => `Set ${schedule?.name} to ${expression ?? "another expression"}`,
    parameter: (text) => (readCron(text).ok ? text : undefined),
    refreshes,
    Dialog: ({ things: [schedule], ...rest }) =>
      schedule && <ExpressionDialog {...rest} schedule={schedule} />,
  },
  {
    operation: "forge.cron.set-dedupe",
    label: (schedules) => titleOf("dedupe", schedules),
    refreshes,
    Dialog: (props) => <ChangeDialog {...props} change="dedupe" />,
    id: "schedule-overlap",
    verb: "Overlap",
    synonyms: "skip allow dedupe",
    applies: ([schedule]) => schedule?.dedupeKnown === true,
  },
  {
    operation: "forge.cron.trigger",
    label: (schedules) => titleOf("trigger", schedules),
    refreshes,
    Dialog: (props) => <ChangeDialog {...props} change="trigger" />,
    id: "schedule-trigger",
    verb: "Trigger",
    synonyms: "run now fire",
  },
];

function titleOf(kind: ScheduleChange, [schedule]: readonly Schedule[]): string {
  return schedule ? scheduleChanges[kind](schedule).title : "";
}

function ChangeDialog(props: ActionDialogProps<Schedule> & { change: ScheduleChange }) {
  const { change, returnTo, onClose } = props;
  const [schedule] = props.things;
  const { connectionId, place } = useSystem("forge");
  if (!schedule) return null;
  const plan = scheduleChanges[change](schedule);
  const shared = {
    title: plan.title,
    place,
    itemLabel: () => schedule.name,
    itemHeading: "Schedule",
    actionLabel: plan.title,
    size: 620,
    returnTo,
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

interface ExpressionDialogProps {
  schedule: Schedule;
  /** Its new expression, where that was said already. */
  value?: string | undefined;
  returnTo?: RefObject<HTMLElement | null> | undefined;
  onClose: () => void;
}

/** Gives a schedule another expression, with its meaning and next times while it is written. */
function ExpressionDialog({ schedule, value, returnTo, onClose }: ExpressionDialogProps) {
  const { connectionId, place } = useSystem("forge");
  const [expression, setExpression] = useState(value ?? schedule.expression);
  const { name } = schedule;
  const text = expression.trim();
  const good = readCron(text).ok && text !== schedule.expression;
  const label = good ? `Set ${name} to ${text}` : "Set expression";
  const inputs = good ? [{ connectionId, name, expression: text }] : undefined;
  return (
    <CommandDialog
      title={`Expression of ${name}`}
      name="forge.cron.set-expression"
      place={place}
      inputs={inputs}
      itemLabel={(input) => input.name}
      itemHeading="Schedule"
      actionLabel={label}
      size={680}
      returnTo={returnTo}
      onClose={onClose}
      copyAs={<CopyInputs what={label} name="forge.cron.set-expression" inputs={inputs} />}
    >
      <div className={classes.stack}>
        <TextInput
          label="Expression"
          description="second minute hour day-of-month month day-of-week [year], all in UTC. Sunday is 1. Both day fields must match, unlike in Unix cron."
          value={expression}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--font-mono)" } }}
          onChange={(event) => setExpression(event.currentTarget.value)}
        />
        <CronMeaningView expression={text} />
      </div>
    </CommandDialog>
  );
}
