import { Button } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import type { FailureData } from "../../shared/contract/index.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatCount, formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { ExactTime } from "../ui/relative-time.tsx";
import { queueColumns } from "./queue-columns.tsx";
import { QueueDrawer } from "./queue-drawer.tsx";
import { ThresholdsDialog } from "./thresholds-dialog.tsx";
import { type QueueView, useQueues } from "./use-queues.ts";

/** All queues of the selected server, live: what waits, what runs, what is stuck. */
export function QueuesPage() {
  const { connectionId } = useSystem("forge");
  const queues = useQueues();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const [alerting, setAlerting] = useState(false);
  const open = queues.rows.find(({ name }) => name === openKey);
  return (
    <Page
      title="Queues"
      counts={<QueueCounts rows={queues.rows} />}
      notices={
        <>
          <StaleNotice since={queues.staleSince} failure={queues.failure} />
          <QueueNotices rows={queues.rows} />
        </>
      }
      actions={
        <Button variant="default" leftSection={<IconBell size={14} />} onClick={() => setAlerting(true)}>
          Alerts…
        </Button>
      }
      drawer={
        open && (
          <QueueDrawer key={open.name} queue={open} onClose={() => setOpenKey(undefined)} onStep={step} />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="queues"
        rows={queues.rows}
        rowKey={nameOf}
        columns={queueColumns}
        phase={queues.phase}
        failure={queues.failure}
        onRetry={queues.refetch}
        empty={{
          title: "This server has no queue yet",
          text: "A queue appears when the program that uses forge-jobs configures it.",
        }}
        onOpen={(row) => setOpenKey(row.name)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
      {alerting && <ThresholdsDialog connectionId={connectionId} onClose={() => setAlerting(false)} />}
    </Page>
  );
}

function nameOf(row: QueueView): string {
  return row.name;
}

function QueueCounts({ rows }: { rows: readonly QueueView[] }) {
  const sum = (pick: (row: QueueView) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const parts = [
    formatQuantity(rows.length, "queue"),
    `${formatCount(sum(({ counts }) => counts.pending))} ready`,
    `${formatCount(sum(({ counts }) => counts.inProgress))} running`,
    `${formatCount(sum(({ counts }) => counts.dead))} dead`,
  ];
  return <>{parts.join(" · ")}</>;
}

function StaleNotice({ since, failure }: { since: number | undefined; failure: FailureData | undefined }) {
  if (since === undefined) return null;
  const title = (
    <>
      Not read since <ExactTime at={since} />
    </>
  );
  return (
    <Notice slim role="status" tone="warn" shape="clock" title={title}>
      What is shown is from then. {failure?.message}
    </Notice>
  );
}

function QueueNotices({ rows }: { rows: readonly QueueView[] }) {
  const unserved = rows.filter(({ unassigned, paused }) => unassigned && !paused);
  const over = rows.filter(({ alerts }) => alerts.length > 0);
  return (
    <>
      {unserved.length > 0 && (
        <Notice
          slim
          role="status"
          tone="bad"
          shape="bang"
          title={`No worker serves ${unserved.map(({ name }) => name).join(", ")}`}
        >
          Jobs wait until a worker serves this queue and its worker limit is above 0.
        </Notice>
      )}
      {over.length > 0 && (
        <Notice
          slim
          role="status"
          tone="warn"
          shape="bang"
          title={`${formatQuantity(over.length, "queue")} over a threshold`}
        >
          {over.map(({ name, alerts }) => `${name}: ${alerts.join(", ")}`).join(" · ")}
        </Notice>
      )}
    </>
  );
}
