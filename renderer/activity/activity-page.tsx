import { Button } from "@mantine/core";
import { useCallback, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import { isInFlight } from "../../shared/contract/index.ts";
import { useTopic } from "../client/use-topic.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { activityColumns } from "./activity-columns.tsx";
import { ActivityDrawer } from "./activity-drawer.tsx";
import { useActivities } from "./use-activities.ts";

/** Every command with what became of it. */
export function ActivityPage() {
  const { rows, topic, ended, failure, readOlder } = useActivities();
  const [parameters, setParameters] = useSearchParams();
  const batch = parameters.get("batch") ?? undefined;
  const openKey = parameters.get("open") ?? undefined;
  const columns = useColumns();
  const shown = useMemo(() => (batch ? rows.filter((row) => row.batch === batch) : rows), [rows, batch]);
  const change = (name: string, value: string | undefined) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === undefined) next.delete(name);
      else next.set(name, value);
      return next;
    });
  const step = useRef<(by: -1 | 1) => void>(() => undefined);
  const onStepper = useCallback((stepper: (by: -1 | 1) => void) => {
    step.current = stepper;
  }, []);
  const inFlight = rows.filter((row) => isInFlight(row.state)).length;
  const unknown = rows.filter((row) => row.state === "unknown").length;
  return (
    <Page
      title="Activity"
      counts={`${formatQuantity(rows.length, "activity", "activities")} · ${inFlight} in flight · ${unknown} unknown`}
      actions={
        !ended && (
          <Button variant="default" onClick={() => void readOlder()}>
            Read older ones
          </Button>
        )
      }
      notices={
        <>
          {batch && <BatchNotice count={shown.length} onClear={() => change("batch", undefined)} />}
          {failure && <FailureNotice slim what="Older activities could not be read" failure={failure} />}
        </>
      }
      drawer={
        openKey && (
          <ActivityDrawer
            key={openKey}
            activityId={openKey}
            activity={rows.find((row) => row.id === openKey)}
            onClose={() => change("open", undefined)}
            onStep={(by) => step.current(by)}
          />
        )
      }
    >
      <DataTable
        id="activity"
        rows={shown}
        rowKey={(row) => row.id}
        initialSort={{ column: "started", descending: true }}
        columns={columns}
        phase={topic.phase === "live" ? "ready" : topic.phase}
        {...(topic.failure ? { failure: topic.failure } : {})}
        empty={{
          title: "Nothing has been changed yet",
          text: "Each command appears here from the moment it is written down until there is evidence of what it did.",
        }}
        onOpen={(row) => change("open", row.id)}
        onStepper={onStepper}
        {...(openKey ? { openKey } : {})}
      />
    </Page>
  );
}

/** Columns that stay the same as long as the connections keep their names, however often their state changes. */
function useColumns() {
  const connections = useTopic("connections").rows;
  const names = JSON.stringify(connections.map((row) => [row.profile.id, row.profile.name]));
  return useMemo(() => {
    const byId = new Map<string, string>(JSON.parse(names));
    return activityColumns((id) => byId.get(id) ?? id);
  }, [names]);
}

function BatchNotice({ count, onClear }: { count: number; onClear: () => void }) {
  return (
    <Notice
      slim
      tone="idle"
      shape="ring"
      title={`Only the ${formatQuantity(count, "activity", "activities")} of one bulk command`}
      actions={
        <Button variant="default" onClick={onClear}>
          Show all
        </Button>
      }
    />
  );
}
