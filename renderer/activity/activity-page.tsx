import { Button } from "@mantine/core";
import { useCallback, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import type { ActivityQuery } from "../../shared/activity/query.ts";
import { isInFlight } from "../../shared/contract/index.ts";
import { useActivities } from "../client/use-activities.ts";
import { useTopic } from "../client/use-topic.ts";
import { parametersNow } from "../state/parameters-now.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { emptyQuery, readQuery, writeQuery } from "./activity-address.ts";
import { activityColumns } from "./activity-columns.tsx";
import { ActivityDrawer } from "./activity-drawer.tsx";
import { ActivityFilters } from "./activity-filters.tsx";
import { ExportLog } from "./export-log.tsx";
import { Retention } from "./retention.tsx";

/** Every command with what became of it, live, and as far back as the log goes. */
export function ActivityPage() {
  const { query, openKey, ask, open } = useAddress();
  const { rows, topic, ...log } = useActivities(query);
  const { columns, connections } = useColumns();
  const step = useRef<(by: -1 | 1) => void>(() => undefined);
  const onStepper = useCallback((stepper: (by: -1 | 1) => void) => {
    step.current = stepper;
  }, []);
  const inFlight = rows.filter((row) => isInFlight(row.state)).length;
  const unknown = rows.filter((row) => row.state === "unknown").length;
  const asked = Object.values(query).some((value) => value !== undefined);
  return (
    <Page
      title="Activity"
      counts={`${formatQuantity(rows.length, "activity", "activities")}${log.more ? " read" : ""} · ${inFlight} in flight · ${unknown} unknown`}
      actions={
        <>
          {log.more && (
            <Button variant="default" loading={log.reading} onClick={log.readOlder}>
              Read older ones
            </Button>
          )}
          <Retention />
          <ExportLog />
        </>
      }
      notices={
        <>
          {query.batch && <BatchNotice count={rows.length} onClear={() => ask({ batch: undefined })} />}
          {log.failure && (
            <FailureNotice
              slim
              what="The log could not be read"
              failure={log.failure}
              onRetry={log.readAgain}
            />
          )}
        </>
      }
      drawer={
        openKey && (
          <ActivityDrawer
            key={openKey}
            activityId={openKey}
            activity={rows.find((row) => row.id === openKey)}
            onClose={() => open(undefined)}
            onStep={(by) => step.current(by)}
          />
        )
      }
    >
      <ActivityFilters query={query} onChange={ask} connections={connections} />
      <DataTable
        id="activity"
        rows={rows}
        rowKey={(row) => row.id}
        initialSort={{ column: "started", descending: true }}
        columns={columns}
        phase={topic.phase === "live" ? (log.loading ? "loading" : "ready") : topic.phase}
        {...(topic.failure ? { failure: topic.failure } : {})}
        empty={asked ? nothingFits(() => ask(emptyQuery)) : nothingYet}
        onOpen={(row) => open(row.id)}
        onStepper={onStepper}
        {...(openKey ? { openKey } : {})}
      />
    </Page>
  );
}

const nothingYet = {
  title: "Nothing has been changed yet",
  text: "Each command appears here from the moment it is written down until there is evidence of what it did.",
};

const nothingFits = (onClear: () => void) => ({
  title: "No matching activity",
  text: "The whole log was searched.",
  action: (
    <Button variant="default" onClick={onClear}>
      Show all
    </Button>
  ),
});

/** What is asked and what is open, kept in the address; both are written to the address as it then is. */
function useAddress() {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.toString();
  const query = useMemo(() => readQuery(new URLSearchParams(text)), [text]);
  const ask = (change: Partial<ActivityQuery>) =>
    setParameters(() => writeQuery(parametersNow(), change), { replace: true });
  const open = (id: string | undefined) =>
    setParameters(() => {
      const next = parametersNow();
      if (id === undefined) next.delete("open");
      else next.set("open", id);
      return next;
    });
  return { query: useSame(query), openKey: parameters.get("open") ?? undefined, ask, open };
}

/** The same object as long as it asks the same, so that an opened drawer asks nothing anew. */
function useSame(query: ActivityQuery): ActivityQuery {
  const shape = JSON.stringify(query);
  return useMemo(() => JSON.parse(shape) as ActivityQuery, [shape]);
}

/** Columns that stay the same as long as the connections keep their names, however often their state changes. */
function useColumns() {
  const rows = useTopic("connections").rows;
  const names = JSON.stringify(rows.map(({ profile }) => ({ id: profile.id, name: profile.name })));
  return useMemo(() => {
    const connections = JSON.parse(names) as { id: string; name: string }[];
    const byId = new Map(connections.map(({ id, name }) => [id, name]));
    return { connections, columns: activityColumns((id) => byId.get(id) ?? id) };
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
