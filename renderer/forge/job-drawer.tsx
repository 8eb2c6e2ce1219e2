import type { JobRow } from "../../shared/forge/job-schema.ts";
import { useOperation } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { jobActions } from "./job-actions.tsx";
import { jobLook } from "./job-look.ts";

interface JobDrawerProps {
  id: string;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** One job with its payload and every error that is still known. */
export function JobDrawer({ id, onClose, onStep }: JobDrawerProps) {
  const { connectionId, isOpen } = useSystem("forge");
  const { data, error, refetch } = useOperation("forge.jobs.get", { connectionId, id }, { enabled: isOpen });
  const row = data?.row;
  return (
    <Drawer
      title={row?.kind ?? "Job"}
      subtitle={<ShortId id={id} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        row && (
          <>
            <ActionButtons group="Job" actions={jobActions} things={[row]} />
            <CopyAsMenu
              what="Read this job"
              commands={(target) => readCommandsOf({ name: "forge.jobs.get", connectionId, id }, target)}
            />
          </>
        )
      }
    >
      {error && <FailureNotice failure={error.toData()} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingSkeleton rows={6} />}
      {row && <JobFacts row={row} />}
      {data && data.errors.length > 0 && (
        <DrawerSection
          title={`Errors (${data.errors.length}${data.errors.length === 32 ? ", the newest" : ""})`}
        >
          <div className={classes.stack}>
            {data.errors.toReversed().map(({ at, attempt, message }) => (
              <div key={`${at}-${attempt}`}>
                <div className={classes.hint}>
                  attempt {attempt} · <RelativeTime at={at} />
                </div>
                <pre className={classes.error}>{message}</pre>
              </div>
            ))}
          </div>
        </DrawerSection>
      )}
      {data && (
        <DrawerSection title="Payload">
          <JsonView value={data.payload} label="Payload" />
        </DrawerSection>
      )}
      <TargetActivities kind="job" id={id} />
    </Drawer>
  );
}

function JobFacts({ row }: { row: JobRow }) {
  const time = (at: string | undefined) => at && <RelativeTime at={at} />;
  return (
    <DrawerSection title="Facts">
      <Facts
        facts={[
          ["Status", <StatusBadge key="status" state={jobLook(row)} />],
          ["Queue", row.queueName],
          ["Attempts", `${row.attempts} of ${row.maxAttempts}`],
          ["Priority", row.priority === 0 ? undefined : `${row.priority} (lower runs first)`],
          ["Enqueued", time(row.enqueuedAt)],
          [
            "Due",
            row.status === "pending" || row.status === "failed" ? (
              <RelativeTime key="due" at={row.scheduledAt} future />
            ) : undefined,
          ],
          ["Started", time(row.startedAt)],
          ["Completed", time(row.completedAt)],
          ["Heartbeat", time(row.heartbeatAt)],
          ["Dedupe key", row.dedupeKey && <code key="key">{row.dedupeKey}</code>],
          ["Worker slot", row.processId && <ShortId key="slot" id={row.processId} />],
          [
            "Last error",
            row.lastError && (
              <pre key="error" className={classes.error}>
                {row.lastError}
              </pre>
            ),
          ],
        ]}
      />
    </DrawerSection>
  );
}
