import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { TargetActivities } from "../command/entity-activities.tsx";
import { pathTo } from "../state/paths.ts";
import { useSystem } from "../state/selection.ts";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { formatCount, formatDuration } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { Notice } from "../ui/notice.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { BackoffDialog } from "./backoff-dialog.tsx";
import { readCommandsOf } from "./copy-as.ts";
import { CopyAsMenu } from "./copy-as-menu.tsx";
import { PauseDialog, RetentionDialog, WorkersDialog } from "./queue-dialogs.tsx";
import { QueueHistory } from "./queue-history.tsx";
import { liveSlots, queueLook } from "./queue-look.tsx";
import { QueueSlots } from "./queue-slots.tsx";
import { type Sweep, SweepDialog, SweepItems } from "./sweep-menu.tsx";
import { useHas } from "./use-level.ts";
import type { QueueView } from "./use-queues.ts";

interface QueueDrawerProps {
  queue: QueueView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

type Change = "pause" | "backoff" | "workers" | "retention";

/** Everything known of one queue, and what can be changed of it. */
export function QueueDrawer({ queue, onClose, onStep }: QueueDrawerProps) {
  const { connectionId } = useSystem("forge");
  // Before 0.2.0 only the backoff can be set, and jobs cannot be looked at.
  const hasAll = useHas("0.2.0");
  const [change, setChange] = useState<Change>();
  const [sweep, setSweep] = useState<Sweep>();
  const menu = useRef<HTMLButtonElement>(null);
  const close = () => setChange(undefined);
  const dialog = { queue, onClose: close, returnTo: menu };
  const jobs = `${pathTo("jobs", { system: "forge", connectionId })}?queue=${encodeURIComponent(queue.name)}`;
  return (
    <Drawer
      title={queue.name}
      subtitle={<StatusBadge state={queueLook(queue)} />}
      onClose={onClose}
      onStep={onStep}
      actions={
        <>
          {hasAll && (
            <Button variant="default" onClick={() => setChange("pause")}>
              {queue.paused ? "Resume…" : "Pause…"}
            </Button>
          )}
          <Button variant="default" onClick={() => setChange("backoff")}>
            Backoff…
          </Button>
          {hasAll && (
            <Menu position="top-end">
              <Menu.Target>
                <Button ref={menu} variant="default" rightSection={<IconChevronDown size={14} />}>
                  More
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setChange("workers")}>Workers…</Menu.Item>
                <Menu.Item onClick={() => setChange("retention")}>Retention…</Menu.Item>
                <Menu.Divider />
                <SweepItems sweeps={["delete", "age"]} onChosen={setSweep} />
              </Menu.Dropdown>
            </Menu>
          )}
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
      {sweep && (
        <SweepDialog sweep={sweep} queue={queue.name} returnTo={menu} onClose={() => setSweep(undefined)} />
      )}
      {change === "pause" && <PauseDialog {...dialog} />}
      {change === "backoff" && <BackoffDialog {...dialog} />}
      {change === "workers" && <WorkersDialog {...dialog} />}
      {change === "retention" && <RetentionDialog {...dialog} />}
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
