import { useMemo } from "react";
import type { InputFor } from "../../shared/catalogue.ts";
import { operations } from "../../shared/catalogue.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import type { Activity, CommandOperation } from "../../shared/contract/index.ts";
import { CommandDialog, type CommandName } from "../command/command-dialog.tsx";
import { placeOf } from "../state/place.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { commandOf } from "./activity-commands.ts";

interface RepeatDialogProps {
  activity: Activity;
  profile: ConnectionProfile | undefined;
  onClose: () => void;
}

/** Sends what an activity recorded once more, by the way of every command, as an activity of its own. */
export function RepeatDialog({ activity, profile, onClose }: RepeatDialogProps) {
  const name = commandOf(activity) as CommandName;
  const inputs = useMemo(() => [activity.input as InputFor<CommandName>], [activity.input]);
  const { hazard, summary } = operations[name] as CommandOperation;
  return (
    <CommandDialog
      title={`Repeat: ${activity.title}`}
      name={name}
      place={placeOf(profile)}
      inputs={inputs}
      itemHeading="Target"
      itemLabel={() => activity.target?.hostName ?? activity.target?.label ?? activity.title}
      actionLabel={`${activity.title} again`}
      destructive={hazard === "destructive"}
      onClose={onClose}
    >
      <p>
        {summary} It was first done <RelativeTime at={activity.startedAt} /> and is {activity.state}.
      </p>
      {activity.state === "unknown" && (
        <Notice tone="warn" shape="question" title="The first one may still finish">
          Nobody knows whether it happened. Reconcile it before it is done twice.
        </Notice>
      )}
      <p>
        Exactly this is asked for again; what it leaves out is read from what runs now, which may have changed
        since.
      </p>
      <JsonView label="input" value={activity.input} />
    </CommandDialog>
  );
}
