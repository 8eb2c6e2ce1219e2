import { Button, Group, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useActivities } from "../client/use-activities.ts";
import { useSystem } from "../state/selection.ts";
import { useOpenKey } from "../state/use-open-key.ts";
import { DataTable } from "../ui/data-table/data-table.tsx";
import { formatQuantity } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { type ChangeView, changeColumns, jobIdOf } from "./change-columns.tsx";
import { ChangeDrawer, JobDrawer } from "./job-drawer.tsx";
import { LogFailure, ReadOlder } from "./older.tsx";
import { tablePhase, useDaemons } from "./use-daemons.ts";

const keyOf = ({ activity }: ChangeView) => activity.id;
const newestFirst = { column: "time", descending: true };

/** The jobs that this console has asked for, and a look at any other. */
export function ChangesPage() {
  const { connectionId } = useSystem("flux");
  const { rows: daemons } = useDaemons();
  const query = useMemo(() => ({ connectionId }), [connectionId]);
  const { rows: activities, topic, ...log } = useActivities(query);
  const [openKey, setOpenKey] = useOpenKey();
  const [step, setStep] = useState<(by: -1 | 1) => void>();
  const [looked, setLooked] = useState<{ daemonId: string; jobId: string }>();
  const rows = useMemo(() => {
    const names = new Map(daemons.map(({ id, name }) => [id, name]));
    return activities.map((activity): ChangeView => {
      const daemonId = String(activity.input.daemonId ?? "");
      return { activity, daemonId, daemonName: names.get(daemonId) ?? daemonId, jobId: jobIdOf(activity) };
    });
  }, [activities, daemons]);
  const open = looked ? undefined : rows.find((row) => keyOf(row) === openKey);
  return (
    <Page
      title="Changes"
      counts={`${formatQuantity(rows.length, "change")}${log.more ? " read" : ""}`}
      actions={
        <>
          <ReadOlder log={log} />
          <LookUp onLook={setLooked} />
        </>
      }
      notices={<LogFailure log={log} what="The log could not be read" />}
      drawer={
        looked ? (
          <JobDrawer key={looked.jobId} {...looked} onClose={() => setLooked(undefined)} />
        ) : (
          open && (
            <ChangeDrawer key={openKey} change={open} onClose={() => setOpenKey(undefined)} onStep={step} />
          )
        )
      }
    >
      <DataTable
        key={connectionId}
        id="changes"
        rows={rows}
        rowKey={keyOf}
        ownRecords
        columns={changeColumns}
        initialSort={newestFirst}
        phase={topic.phase === "live" && log.loading ? "loading" : tablePhase(topic.phase)}
        failure={topic.failure}
        empty={{
          title: "Nothing was changed from this console yet",
          text: "Releases, policy changes and syncs appear here with their jobs. A job that somebody else asked for can be looked up by its id.",
        }}
        onOpen={(row) => {
          setLooked(undefined);
          setOpenKey(keyOf(row));
        }}
        openKey={openKey}
        onStepper={(next) => setStep(() => next)}
      />
    </Page>
  );
}

/** Asks a daemon for a job of anybody. */
function LookUp({ onLook }: { onLook: (job: { daemonId: string; jobId: string }) => void }) {
  const { rows } = useDaemons();
  const [daemonId, setDaemonId] = useState<string | null>(null);
  const [jobId, setJobId] = useState("");
  const connected = rows.filter(({ status }) => status === "connected");
  const chosen = daemonId ?? connected[0]?.id;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen && jobId.trim() !== "") onLook({ daemonId: chosen, jobId: jobId.trim() });
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <Select
          aria-label="Daemon of the job"
          w={130}
          data={connected.map(({ id, name }) => ({ value: id, label: name }))}
          value={chosen ?? null}
          onChange={setDaemonId}
          allowDeselect={false}
        />
        <TextInput
          aria-label="Job id"
          placeholder="Job id"
          w={220}
          spellCheck={false}
          value={jobId}
          onChange={(event) => setJobId(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!chosen || jobId.trim() === ""}>
          Look up
        </Button>
      </Group>
    </form>
  );
}
