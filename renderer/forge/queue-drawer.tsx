import { Link } from "react-router";
import { ActionButtons } from "../command/action-buttons.tsx";
import { TargetActivities } from "../command/entity-activities.tsx";
import { pathTo } from "../state/paths.ts";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatCount, formatDuration } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { queueActions, setBackoff } from "./queue-actions.tsx";
import { QueueHistory } from "./queue-history.tsx";
import { liveSlots, queueLook } from "./queue-look.tsx";
import { QueueSlots } from "./queue-slots.tsx";
import { useHas } from "./use-level.ts";
import type { QueueView } from "./use-queues.ts";

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
