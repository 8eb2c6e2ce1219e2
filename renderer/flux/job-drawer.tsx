import { Button } from "@mantine/core";
import { useNavigate } from "react-router";
import type { FluxJob } from "../../shared/flux/schema.ts";
import { useCommand, useOperation } from "../client/query.ts";
import { pathTo } from "../state/paths.ts";
import { useSystem } from "../state/selection.ts";
import { ActivityPips } from "../ui/activity-pips.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import type { StateLook } from "../ui/state-look.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import type { ChangeView } from "./change-columns.tsx";
import classes from "./flux.module.css";
import { ResultTable } from "./result-table.tsx";

interface ChangeDrawerProps {
  change: ChangeView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** One change: how far it came, what is known, and its job as the daemon tells it. */
export function ChangeDrawer({ change, onClose, onStep }: ChangeDrawerProps) {
  const { connectionId } = useSystem("flux");
  const { activity, daemonId, jobId } = change;
  const navigate = useNavigate();
  const reconcile = useCommand("activity.reconcile");
  const open = activity.state === "unknown" || activity.state === "confirmed";
  return (
    <Drawer
      title={activity.title}
      subtitle={change.daemonName}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          {open && (
            <Button
              loading={reconcile.pending}
              onClick={() => void reconcile.run({ activityId: activity.id }).catch(() => undefined)}
            >
              Reconcile
            </Button>
          )}
          <Button
            variant="default"
            onClick={() =>
              navigate(
                `${pathTo("activity", { system: "flux", connectionId })}?open=${encodeURIComponent(activity.id)}`,
              )
            }
          >
            Timeline
          </Button>
        </>
      }
    >
      <ActivityPips activity={activity} />
      <p>{activity.message}</p>
      {reconcile.failure && <FailureNotice slim failure={reconcile.failure} />}
      <DrawerSection title="Evidence">
        <ul className={classes.list}>
          {activity.evidence.map(({ at, kind, summary }) => (
            <li key={`${at} ${summary}`}>
              <span className={classes.hint}>{kind}</span>
              <span title={summary}>{summary}</span>
              <RelativeTime at={at} />
            </li>
          ))}
        </ul>
      </DrawerSection>
      {jobId && <JobView daemonId={daemonId} jobId={jobId} />}
    </Drawer>
  );
}

/** A job of anybody, by its id. */
export function JobDrawer(props: { daemonId: string; jobId: string; onClose: () => void }) {
  return (
    <Drawer title="Job" subtitle={<ShortId id={props.jobId} keep={10} />} onClose={props.onClose}>
      <JobView daemonId={props.daemonId} jobId={props.jobId} />
    </Drawer>
  );
}

const jobLooks: Record<FluxJob["state"], StateLook> = {
  queued: { tone: "flight", shape: "quarter", word: "queued" },
  running: { tone: "flight", shape: "half", word: "running" },
  succeeded: { tone: "good", shape: "check", word: "succeeded" },
  failed: { tone: "bad", shape: "cross", word: "failed" },
  forgotten: { tone: "warn", shape: "question", word: "not known to the daemon" },
};

function JobView({ daemonId, jobId }: { daemonId: string; jobId: string }) {
  const { connectionId } = useSystem("flux");
  const job = useOperation("flux.jobs.get", { connectionId, daemonId, jobId });
  return (
    <DrawerSection title="Job">
      {job.isPending && <LoadingSkeleton rows={3} />}
      {job.error && <FailureNotice slim failure={job.error.toData()} onRetry={() => void job.refetch()} />}
      {job.data && (
        <>
          <Facts
            facts={[
              ["State", <StatusBadge key="state" state={jobLooks[job.data.state]} />],
              ["Id", <ShortId key="id" id={jobId} keep={10} />],
              ["Error", job.data.error],
              ["Revision", job.data.revision && <ShortId key="revision" id={job.data.revision} keep={8} />],
              ["Read", <RelativeTime key="read" at={job.data.readAt} />],
            ]}
          />
          {job.data.state === "forgotten" && (
            <p className={classes.hint}>
              Daemons remember about 33 jobs, and forget all when they are restarted; only jobs that committed
              something are found again, in git.
            </p>
          )}
          <ResultTable results={job.data.results} />
        </>
      )}
    </DrawerSection>
  );
}
