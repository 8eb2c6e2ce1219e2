import { useMemo, useState } from "react";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { Drawer, DrawerSection, Facts } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";
import { LoadingSkeleton } from "../ui/loading-skeleton.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ShortId } from "../ui/short-id.tsx";
import { type EventView, eventColumns } from "./event-columns.tsx";
import classes from "./flux.module.css";
import { tablePhase, useDaemons, useFlux } from "./use-flux.ts";

const keyOf = (row: EventView) => String(row.sequence);
const newestFirst = { column: "time", descending: true };

/** What the daemons told: commits, syncs, releases; and which of them have commits to apply. */
export function SyncsPage() {
  const { connectionId } = useFlux();
  const { rows: daemons } = useDaemons();
  const events = useTopic("flux.events", { connectionId });
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const rows = useMemo(() => {
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    return events.rows.map(
      (event): EventView => ({ ...event, daemonName: names.get(event.daemonId) ?? event.daemonId }),
    );
  }, [events.rows, daemons]);
  const open = rows.find((row) => keyOf(row) === openKey);
  return (
    <Page
      title="Sync"
      counts={formatQuantity(rows.length, "event")}
      notices={<SyncNotices />}
      drawer={
        open && <EventDrawer key={openKey} event={open} onClose={() => setOpenKey(undefined)} onStep={step} />
      }
    >
      <DataTable
        key={connectionId}
        id="events"
        rows={rows}
        rowKey={keyOf}
        columns={eventColumns}
        initialSort={newestFirst}
        phase={tablePhase(events.phase)}
        failure={events.failure}
        empty={{
          title: "No daemon has told of anything yet",
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

interface EventDrawerProps {
  event: EventView;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

function EventDrawer({ event, onClose, onStep }: EventDrawerProps) {
  const { connectionId } = useFlux();
  const raw = useOperation("flux.events.get", { connectionId, sequence: event.sequence });
  return (
    <Drawer title={event.type} subtitle={event.daemonName} onClose={onClose} onStep={onStep}>
      <p>{event.summary}</p>
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Received", <RelativeTime key="received" at={event.receivedAt} />],
            ["Began", event.startedAt],
            ["Ended", event.endedAt],
            ["By", event.user],
            [
              "Revisions",
              event.revisions.map((revision) => (
                <div key={revision}>
                  <ShortId id={revision} keep={8} />
                </div>
              )),
            ],
            ["Workloads", event.workloads.join(", ")],
          ]}
        />
      </DrawerSection>
      {event.errors.length > 0 && (
        <DrawerSection title="Not applied">
          {event.errors.map(({ id, path, error }) => (
            <Notice key={`${id} ${path}`} slim tone="bad" shape="bang" title={id}>
              {error} <span className={classes.faint}>({path})</span>
            </Notice>
          ))}
        </DrawerSection>
      )}
      <DrawerSection title="As it was sent">
        {raw.isPending && <LoadingSkeleton rows={4} />}
        {raw.error && <FailureNotice slim failure={raw.error.toData()} />}
        {raw.data && <JsonView value={raw.data.raw} label="Event" />}
      </DrawerSection>
    </Drawer>
  );
}
