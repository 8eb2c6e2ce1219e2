import { useEffect, useMemo, useRef } from "react";
import type { FluxContainerImages, FluxDaemonRow, FluxWorkload } from "../../shared/flux/schema.ts";
import { type CombinedAnswers, refreshOperation, useOperations } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";
import type { TablePhase } from "../ui/data-table/table-states.tsx";
import { useDaemons } from "./use-daemons.ts";

/** A row with the daemon that it comes from. */
export type OfDaemon<Row> = Row & { daemonId: string; daemonName: string };
export type WorkloadView = OfDaemon<FluxWorkload>;
export type ImagesView = OfDaemon<FluxContainerImages>;

/** Key of a workload over all daemons. */
export function workloadViewKey({ daemonId, id }: WorkloadView): string {
  return `${daemonId} ${id}`;
}

/** Key of a container over all daemons. */
export function imagesViewKey({ daemonId, workloadId, container }: ImagesView): string {
  return `${daemonId} ${workloadId} ${container}`;
}

interface DaemonList<Row> {
  rows: readonly OfDaemon<Row>[];
  phase: TablePhase;
  /** Daemons that did not answer, with the reason. */
  missing: readonly { name: string; message: string }[];
  /** How many daemons were asked, or would be if they were connected. */
  asked: number;
  /** Daemons that have not answered yet; their rows are still to come. */
  awaited: readonly string[];
}

/** The workloads of every connected daemon, asked again from time to time and when a daemon tells of something. */
export function useWorkloads(): DaemonList<FluxWorkload> {
  const daemons = useConnected();
  const { connectionId } = useSystem("flux");
  const inputs = useMemo(
    () => daemons.ids.map((daemonId) => ({ connectionId, daemonId })),
    [connectionId, daemons.ids],
  );
  const answers = useOperations("flux.workloads.list", inputs);
  useRefreshOnEvents(daemons.rows, "flux.workloads.list");
  return useJoined(daemons, answers);
}

/** The images of every container of every connected daemon, without every tag; these lists are long and asked for less often. */
export function useImages(): DaemonList<FluxContainerImages> {
  const daemons = useConnected();
  const { connectionId } = useSystem("flux");
  const inputs = useMemo(
    () => daemons.ids.map((daemonId) => ({ connectionId, daemonId, tags: false })),
    [connectionId, daemons.ids],
  );
  const answers = useOperations("flux.images.list", inputs);
  useRefreshOnEvents(daemons.rows, "flux.images.list");
  return useJoined(daemons, answers);
}

interface Connected {
  rows: readonly FluxDaemonRow[];
  ids: readonly string[];
  phase: TablePhase;
}

function useConnected(): Connected {
  const { rows, phase } = useDaemons();
  const text = rows
    .filter(({ status }) => status === "connected")
    .map(({ id }) => id)
    .sort()
    .join(" ");
  const ids = useMemo(() => (text === "" ? [] : text.split(" ")), [text]);
  return { rows, ids, phase };
}

/** What a daemon tells about has changed something there: look again at once. */
function useRefreshOnEvents(
  daemons: readonly FluxDaemonRow[],
  name: "flux.workloads.list" | "flux.images.list",
): void {
  const { connectionId } = useSystem("flux");
  const seen = useRef(new Map<string, string>());
  useEffect(() => {
    for (const { id: daemonId, lastEventAt } of daemons) {
      const before = seen.current.get(daemonId);
      if (lastEventAt === undefined || lastEventAt === before) continue;
      seen.current.set(daemonId, lastEventAt);
      if (before !== undefined) void refreshOperation(name, { connectionId, daemonId });
    }
  }, [daemons, name, connectionId]);
}

function useJoined<Row>(daemons: Connected, answers: CombinedAnswers<Row[]>): DaemonList<Row> {
  return useMemo(() => {
    const name = new Map(daemons.rows.map((row) => [row.id, row.name]));
    const named = (id: string) => name.get(id) ?? id;
    const rows = daemons.ids.flatMap((daemonId, index) =>
      (answers.data[index] ?? []).map((row) => ({ ...row, daemonId, daemonName: named(daemonId) })),
    );
    const missing = daemons.ids.flatMap((daemonId, index) => {
      const error = answers.errors[index];
      return error ? [{ name: named(daemonId), message: error.message }] : [];
    });
    // One that never came has nothing to miss.
    const gone = daemons.rows.filter(({ status }) => status === "disconnected");
    for (const { name: daemon } of gone) missing.push({ name: daemon, message: "it is not connected" });
    const awaited = daemons.ids
      .filter((_id, index) => answers.data[index] === undefined && !answers.errors[index])
      .map(named);
    const waiting = daemons.phase === "loading" || (rows.length === 0 && answers.pending);
    return {
      rows,
      missing,
      awaited,
      asked: daemons.ids.length + gone.length,
      phase: waiting ? "loading" : daemons.phase,
    };
  }, [daemons.rows, daemons.ids, daemons.phase, answers]);
}
