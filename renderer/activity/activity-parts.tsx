import { Button } from "@mantine/core";
import type { Activity, WireRequest } from "../../shared/contract/index.ts";
import { useOperation } from "../client/query.ts";
import { scriptOf } from "../command/shells/command-line.ts";
import { useShell } from "../command/shells/use-shell.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatDuration } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import classes from "./activity.module.css";
import { farCommandOf } from "./activity-commands.ts";

/** What an unknown end means, and the way out. */
export function UnknownNotice() {
  return (
    <Notice tone="warn" shape="question" title="It may still finish">
      No evidence came in time. Reconcile reads the present state of the target and settles what can be
      settled.
    </Notice>
  );
}

/** Who did what to whom, when, why, and how long it took. */
export function ActivityFacts({ activity }: { activity: Activity }) {
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
          ["By", transport === "ipc" ? `${actor} (this window)` : actor],
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

/** The exact bytes that were sent, without secrets. */
export function RequestSection({ activity }: { activity: Activity }) {
  const { request } = activity;
  const { shell } = useShell();
  if (!request) return <Missing title="Request" text="Nothing has been sent" />;
  const command = farCommandOf(activity);
  return (
    <DrawerSection
      title={`Request over ${request.protocol}`}
      actions={
        command && (
          <CopyButton copied={() => ({ text: scriptOf([command], shell) })} label="Copy as a command" />
        )
      }
    >
      <p className={`mono ${classes.address}`}>{addressOf(request)}</p>
      {request.payload !== undefined && <JsonView value={request.payload} label="request" />}
    </DrawerSection>
  );
}

function addressOf({ method, address }: WireRequest): string {
  return [method, address].filter(Boolean).join(" ");
}

/** What the far side answered to the request itself. */
export function ReplySection({ activity }: { activity: Activity }) {
  if (activity.reply === undefined) return <Missing title="Reply" text="No reply has come" />;
  return (
    <DrawerSection title="Reply">
      <JsonView value={activity.reply} label="reply" />
    </DrawerSection>
  );
}

function Missing({ title, text }: { title: string; text: string }) {
  return (
    <DrawerSection title={title}>
      <span className={classes.faint}>{text}</span>
    </DrawerSection>
  );
}

/** The recorded steps with their hashes, read when asked for. */
export function RecordSection({ activityId, step }: { activityId: string; step: number }) {
  const { data, refetch, isFetching } = useOperation("activity.get", { activityId }, { enabled: false });
  return (
    <DrawerSection
      title="Log"
      actions={
        <Button variant="subtle" loading={isFetching} onClick={() => void refetch()}>
          {data ? "Refresh" : "Read the recorded steps"}
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
