import { useMemo, useState } from "react";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { type EventView, eventColumns } from "./event-columns.tsx";
import { EventDrawer } from "./event-drawer.tsx";
import { LogFailure, ReadOlder } from "./older.tsx";
import { tablePhase, useDaemons } from "./use-daemons.ts";
import { useEvents } from "./use-events.ts";

const keyOf = (row: EventView) => String(row.sequence);
const newestFirst = { column: "time", descending: true };

/** What the daemons told: commits, syncs, releases; and which of them have commits to apply. */
export function SyncsPage() {
  const { connectionId } = useSystem("flux");
  const { rows: daemons } = useDaemons();
  const { rows: events, topic, ...log } = useEvents();
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const rows = useMemo(() => {
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    return events.map(
      (event): EventView => ({ ...event, daemonName: names.get(event.daemonId) ?? event.daemonId }),
    );
  }, [events, daemons]);
  const open = rows.find((row) => keyOf(row) === openKey);
  return (
    <Page
      title="Sync"
      counts={`${formatQuantity(rows.length, "event")}${log.more ? " read" : ""}`}
      actions={<ReadOlder log={log} />}
      notices={
        <>
          <SyncNotices />
          <LogFailure log={log} what="The kept events could not be read" />
        </>
      }
      drawer={
        open && <EventDrawer key={openKey} event={open} onClose={() => setOpenKey(undefined)} onStep={step} />
      }
    >
      <DataTable
        key={connectionId}
        id="events"
        rows={rows}
        rowKey={keyOf}
        ownRecords
        columns={eventColumns}
        initialSort={newestFirst}
        phase={topic.phase === "live" && log.loading ? "loading" : tablePhase(topic.phase)}
        failure={topic.failure}
        empty={{
          title: "No events yet",
          text: "Daemons post what they commit, sync and release; it is kept here over restarts.",
        }}
        onOpen={(row) => setOpenKey(keyOf(row))}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

/** Daemons that are not where their repository is. */
function SyncNotices() {
  const { rows } = useDaemons();
  const pending = rows.filter(({ sync, status }) => status === "connected" && sync?.state === "pending");
  const failing = rows.filter(({ sync }) => (sync?.errors.length ?? 0) > 0);
  return (
    <>
      {pending.length > 0 && (
        <Notice slim role="status" tone="flight" shape="half" title="Commits are waiting to be applied">
          {pending.map(({ name, sync }) => `${name}: ${sync?.pendingCount}`).join(" · ")}
        </Notice>
      )}
      {failing.length > 0 && (
        <Notice slim role="status" tone="bad" shape="bang" title="The last sync could not apply everything">
          {failing
            .map(({ name, sync }) => `${name}: ${sync?.errors.map(({ id }) => id).join(", ")}`)
            .join(" · ")}
        </Notice>
      )}
    </>
  );
}
