import { Button } from "@mantine/core";
import { useMemo } from "react";
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
  const step = (by: -1 | 1) => {
    const next = shown[shown.findIndex((row) => row.id === openKey) + by];
    if (next) change("open", next.id);
  };
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
            onStep={step}
          />
        )
      }
    >
      <DataTable
        id="activity"
        rows={shown}
        rowKey={(row) => row.id}
        columns={columns}
        phase={topic.phase === "live" || topic.phase === "stale" ? "ready" : topic.phase}
        {...(topic.failure ? { failure: topic.failure } : {})}
        empty={{
          title: "Nothing has been changed yet",
          text: "Each command appears here from the moment it is written down until there is evidence of what it did.",
        }}
        onOpen={(row) => change("open", row.id)}
        {...(openKey ? { openKey } : {})}
      />
    </Page>
  );
}

function useColumns() {
  const connections = useTopic("connections").rows;
  return useMemo(() => {
    const names = new Map(connections.map((row) => [row.profile.id, row.profile.name]));
    return activityColumns((id) => names.get(id) ?? id);
  }, [connections]);
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
