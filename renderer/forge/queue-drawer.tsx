import { useMemo } from "react";
import { Link } from "react-router";
import type { History } from "../../shared/forge/series-schema.ts";
import { useOperation } from "../client/query.ts";
import { ActionButtons } from "../command/action-buttons.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { useSteppedNow } from "../state/clock.ts";
import { pathTo } from "../state/paths.ts";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatCount, formatDuration, formatRate } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { SeriesChart } from "../ui/series-chart.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import classes from "./forge.module.css";
import { queueActions, setBackoff } from "./queue-actions.tsx";
import { liveSlots, queueLook } from "./queue-look.tsx";
import { useHas } from "./use-level.ts";
import type { QueueView } from "./use-queues.ts";

const spanMs = 3_600_000;

const lines = [
  { family: "queue_pending_jobs", label: "Ready", color: "--accent" },
  { family: "queue_in_flight_jobs", label: "Running", color: "--flight" },
  { family: "queue_failed_jobs", label: "Failed", color: "--warn" },
  { family: "queue_dead_jobs", label: "Dead", color: "--bad" },
] as const;

/** The last hour of a queue, as the console has recorded it. */
function QueueHistory({ queue }: { queue: string }) {
  const { connectionId, isOpen } = useSystem("forge");
  const to = useSteppedNow(15_000);
  const span = { from: new Date(to - spanMs).toISOString(), to: new Date(to).toISOString() };
  const { data } = useOperation(
    "forge.history.get",
    { connectionId, ...span, points: 240, queue },
    { enabled: isOpen, keepPrevious: true },
  );
  const series = useMemo(
    () => lines.map((line) => ({ ...line, values: valuesOf(data, line.family) })),
    [data],
  );
  return (
    <DrawerSection title="Last hour">
      {data && data.series.length > 0 ? (
        <SeriesChart
          label={`Jobs of ${queue}`}
          time
          x={data.times}
          series={series}
          format={formatRate}
          height={150}
        />
      ) : (
        <p className={classes.hint}>Recorded while the connection is open; nothing yet.</p>
      )}
    </DrawerSection>
  );
}

function valuesOf(history: History | undefined, family: string): readonly (number | null)[] {
  const one = history?.series.find((series) => series.family === family);
  return one?.values ?? history?.times.map(() => null) ?? [];
}

interface QueueDrawerProps {
  queue: QueueView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

const oldActions = [setBackoff];

/** Everything known of one queue, and what can be changed of it. */
export function QueueDrawer({ queue, onClose, onStep }: QueueDrawerProps) {
  const { connectionId } = useSystem("forge");
  // Before 0.2.0 only the backoff can be set, and jobs cannot be looked at.
  const hasAll = useHas("0.2.0");
  const jobs = `${pathTo("jobs", { system: "forge", connectionId })}?queue=${encodeURIComponent(queue.name)}`;
  return (
    <Drawer
      title={queue.name}
      subtitle={<StatusBadge state={queueLook(queue)} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          <ActionButtons group="Queue" actions={hasAll ? queueActions : oldActions} things={[queue]} />
          <CopyAsMenu
            what="Read the queues"
            commands={(target) => readCommandsOf({ name: "forge.queues.list", connectionId }, target)}
          />
        </>
      }
    >
      <QueueWarnings queue={queue} />
      <DrawerSection title="Facts" actions={hasAll && <Link to={jobs}>Its jobs</Link>}>
        <QueueFacts queue={queue} />
      </DrawerSection>
      <QueueHistory queue={queue.name} />
      <QueueSlots queue={queue} />
      <TargetActivities kind="queue" id={queue.name} />
      <DrawerSection title="JSON">
        <JsonView value={queue} label="Queue" />
      </DrawerSection>
    </Drawer>
  );
}

function QueueWarnings({ queue }: { queue: QueueView }) {
  return (
    <>
      {queue.alerts.length > 0 && (
        <Notice slim tone="warn" shape="bang" title="Over a threshold">
          {queue.alerts.join(" · ")}
        </Notice>
      )}
      {queue.throttledUntil && (
        <Notice slim tone="warn" shape="clock" title="Cooling down">
          A handler reported a throttle: no job starts until <RelativeTime at={queue.throttledUntil} future />
          .
        </Notice>
      )}
    </>
  );
}

function QueueFacts({ queue }: { queue: QueueView }) {
  const { counts, backoff } = queue;
  return (
    <Facts
      facts={[
        ["Ready", formatCount(counts.pending)],
        ["Scheduled", formatCount(counts.scheduled)],
        ["Running", formatCount(counts.inProgress)],
        ["Failed", counts.failed > 0 ? `${formatCount(counts.failed)}, to be retried` : "0"],
        ["Dead", formatCount(counts.dead)],
        ["Done", `${formatCount(counts.done)}, still kept`],
        ["Lag", queue.lagSeconds === 0 ? "nothing waits" : formatDuration(queue.lagSeconds * 1_000)],
        ["Workers", `${liveSlots(queue)} alive of ${queue.maxWorkers} in the whole cluster`],
        [
          "Backoff",
          backoff.enabled ? `${backoff.baseSeconds} s base, ${backoff.maxSeconds} s at most` : "off",
        ],
        ["Keeps", `done ${queue.retainDoneDays} d, dead ${queue.retainDeadDays} d`],
      ]}
    />
  );
}

/** The worker slots of a queue; those without a recent heartbeat are marked. */
function QueueSlots({ queue }: { queue: QueueView }) {
  const newest = Date.parse(queue.readAt);
  return (
    <DrawerSection title="Worker slots">
      {queue.processes.length === 0 && <p className={classes.hint}>No slot is registered for this queue.</p>}
      {queue.processes.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>Process</th>
              <th>Job</th>
              <th data-align="end">Heartbeat</th>
            </tr>
          </thead>
          <tbody>
            {queue.processes.map(({ processId, hostId, currentJobId, heartbeatAt }) => (
              <tr key={processId}>
                <td>
                  <ShortId id={hostId} />
                </td>
                <td>
                  {currentJobId ? <ShortId id={currentJobId} /> : <span className={classes.hint}>idle</span>}
                </td>
                <td
                  data-align="end"
                  className={newest - Date.parse(heartbeatAt) > 30_000 ? classes.warn : undefined}
                >
                  <RelativeTime at={heartbeatAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}
