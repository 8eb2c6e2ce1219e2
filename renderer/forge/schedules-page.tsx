import { useState } from "react";
import type { Schedule } from "../../shared/forge/cron-schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { queryPhase } from "../ui/data-table/query-phase.ts";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { OlderServer } from "./older-server.tsx";
import { scheduleColumns } from "./schedule-columns.tsx";
import { ScheduleDrawer } from "./schedule-drawer.tsx";
import { useHas } from "./use-level.ts";

const none: readonly Schedule[] = [];

/** The schedules of the selected server, if it is new enough to tell them. */
export function SchedulesPage() {
  if (useHas("0.2.0") !== false) return <SchedulesOfServer />;
  return (
    <Page title="Schedules">
      <OlderServer
        title="Schedules are not available on this server version"
        since="0.2.0"
        instead="They run all the same, and are seen in the program that uses forge-jobs."
      />
    </Page>
  );
}

/** The schedules of the selected server: when each runs next, and what became of its last run. */
function SchedulesOfServer() {
  const { connectionId, isOpen } = useSystem("forge");
  const answer = useOperation("forge.cron.list", { connectionId }, { enabled: isOpen });
  const rows = answer.data ?? none;
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const open = rows.find(({ name }) => name === openKey);
  const on = rows.filter(({ enabled }) => enabled).length;
  return (
    <Page
      title="Schedules"
      counts={`${formatQuantity(rows.length, "schedule")} · ${on} on`}
      drawer={
        open && (
          <ScheduleDrawer
            key={open.name}
            schedule={open}
            onClose={() => setOpenKey(undefined)}
            onStep={step}
          />
        )
      }
    >
      <DataTable
        key={connectionId}
        id="schedules"
        rows={rows}
        rowKey={nameOf}
        columns={scheduleColumns}
        phase={queryPhase(answer, isOpen)}
        failure={answer.error?.toData()}
        onRetry={() => void answer.refetch()}
        empty={{
          title: "This server has no schedule",
          text: "A schedule appears when the program that uses forge-jobs registers it.",
        }}
        onOpen={(row) => setOpenKey(row.name)}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

function nameOf(row: Schedule): string {
  return row.name;
}
