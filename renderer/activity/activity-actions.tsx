import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { type InputFor, operations } from "../../shared/catalogue.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import { type Activity, type CommandOperation, mayMove } from "../../shared/contract/index.ts";
import { useCommand } from "../client/query.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { CommandDialog, type CommandName } from "../command/command-dialog.tsx";
import { CopyCommandMenu } from "../command/copy-as-menu.tsx";
import { pathTo } from "../state/paths.ts";
import { placeOf } from "../state/place.ts";
import { useOptionalSelection } from "../state/selection.ts";
import { CopyTextButton } from "../ui/copy-button.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { commandOf, commandsOf, toolsOf, whyNotRepeatable } from "./activity-commands.ts";

interface ActivityActionsProps {
  activity: Activity;
  /** Offers the page of its own; left out on that page. */
  toPage?: boolean;
}

/** What can be done with an activity: settle it, repeat it, take its command elsewhere. */
export function ActivityActions({ activity, toPage = false }: ActivityActionsProps) {
  const profile = useTopicRow("connections", {}, activity.connectionId)?.profile;
  const reconcile = useCommand("activity.reconcile");
  const [repeating, setRepeating] = useState(false);
  const openPage = useOpenPage(activity.id);
  const settle = () => void reconcile.run({ activityId: activity.id }).catch(() => undefined);
  const open = mayMove(activity.state, "verified");
  const obstacle = whyNotRepeatable(activity);
  useActionKeys({
    settle: open ? settle : undefined,
    repeat: obstacle ? undefined : () => setRepeating(true),
    openPage: toPage ? openPage : undefined,
  });
  const tools = toolsOf(activity);
  return (
    <>
      {open && (
        <Button
          variant={activity.state === "unknown" ? "filled" : "default"}
          loading={reconcile.pending}
          onClick={settle}
        >
          Reconcile
        </Button>
      )}
      <Button
        variant="default"
        disabled={obstacle !== undefined}
        title={obstacle}
        onClick={() => setRepeating(true)}
      >
        Repeat…
      </Button>
      {toPage && (
        <Button variant="default" onClick={openPage}>
          Open page
        </Button>
      )}
      {tools.length > 0 && (
        <CopyCommandMenu what={activity.title} tools={tools} commands={() => commandsOf(activity, profile)} />
      )}
      <CopyTextButton label="Copy as JSON" text={() => JSON.stringify(activity, null, 2)} />
      {reconcile.failure && <FailureNotice what="Not reconciled" failure={reconcile.failure} />}
      {repeating && (
        <RepeatDialog activity={activity} profile={profile} onClose={() => setRepeating(false)} />
      )}
    </>
  );
}

function useOpenPage(activityId: string): () => void {
  const navigate = useNavigate();
  const selection = useOptionalSelection();
  return () => navigate(`${pathTo("activity", selection)}/${encodeURIComponent(activityId)}`);
}

interface ActionKeys {
  settle: (() => void) | undefined;
  repeat: (() => void) | undefined;
  openPage: (() => void) | undefined;
}

function useActionKeys({ settle, repeat, openPage }: ActionKeys): void {
  const group = "Activity";
  useShortcuts([
    ...(settle
      ? [{ id: "activity-reconcile", label: "Reconcile this activity", group, keys: "shift+r", run: settle }]
      : []),
    ...(repeat
      ? [{ id: "activity-repeat", label: "Repeat this activity", group, keys: "r", run: repeat }]
      : []),
    ...(openPage
      ? [{ id: "activity-page", label: "Open this activity's page", group, keys: "o", run: openPage }]
      : []),
  ]);
}

interface RepeatDialogProps {
  activity: Activity;
  profile: ConnectionProfile | undefined;
  onClose: () => void;
}

/** Sends what an activity recorded once more, by the way of every command, as an activity of its own. */
function RepeatDialog({ activity, profile, onClose }: RepeatDialogProps) {
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
