import { readCron } from "../../shared/forge/cron-expression.ts";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import type { Action, ActionDialogProps } from "../command/action.ts";
import { CommandDialog } from "../command/command-dialog.tsx";
import { useSystem } from "../state/selection.ts";
import { CopyInputs } from "./copy-as-menu.tsx";
import { ExpressionDialog } from "./expression-dialog.tsx";
import { type ScheduleChange, scheduleChanges } from "./schedule-changes.ts";

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
