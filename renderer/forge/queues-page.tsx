import { Button, Group, Modal, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
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
import { useReturnOfFocus } from "../ui/use-return-of-focus.ts";
import classes from "./forge.module.css";
import { queueColumns } from "./queue-columns.tsx";
import { QueueDrawer } from "./queue-drawer.tsx";
import { setThresholds, type Thresholds, useThresholds } from "./thresholds.ts";
import { type QueueView, useQueues } from "./use-queues.ts";

const fields = [
  ["lagSeconds", "Oldest ready job waits", " s"],
  ["pending", "Ready jobs", ""],
  ["failed", "Failed jobs (to be retried)", ""],
  ["dead", "Dead jobs", ""],
] as const;

/** From which figures on queues are marked; kept on this machine, for this connection. */
function ThresholdsDialog({ connectionId, onClose }: { connectionId: string; onClose: () => void }) {
  useReturnOfFocus();
  const present = useThresholds(connectionId);
  const form = useForm<Record<keyof Thresholds, number | string>>({
    initialValues: {
      lagSeconds: present.lagSeconds ?? "",
      pending: present.pending ?? "",
      failed: present.failed ?? "",
      dead: present.dead ?? "",
    },
  });
  const save = form.onSubmit((values) => {
    const given = fields.flatMap(([name]) => {
      const value = values[name];
      return typeof value === "number" ? [[name, value] as const] : [];
    });
    setThresholds(connectionId, Object.fromEntries(given));
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title="Alerts" size={420}>
      <form onSubmit={save} className={classes.stack}>
        <p className={classes.hint}>
          A queue is marked when it reaches one of these. Empty: not watched. Kept on this machine only.
        </p>
        {fields.map(([name, label, suffix]) => (
          <NumberInput
            key={name}
            label={label}
            suffix={suffix}
            min={0}
            allowDecimal={false}
            {...form.getInputProps(name)}
          />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Set alerts</Button>
        </Group>
      </form>
    </Modal>
  );
}

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
