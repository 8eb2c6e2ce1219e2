import { useMemo } from "react";
import { hasLevel } from "../../shared/forge/level.ts";
import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { subjectOf, useListed } from "./entity-entries.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { wordsOf } from "./phrase.ts";

/** What a FlowFabric server lists, asked for it only where `reads`; empty without one that is open. */
export function useFlowfabricEntries(
  connectionId: string | undefined,
  reads: boolean,
): readonly PaletteEntry[] {
  const listed = useListed("flowfabric", connectionId);
  const rotations = useTopic("flowfabric.rotations", { connectionId }).rows;
  const executions = useOperation(
    "flowfabric.executions.list",
    { connectionId: connectionId ?? "", limit: 1_000 },
    { enabled: reads && connectionId !== undefined, once: true },
  ).data?.rows;
  return useMemo(
    () => [
      ...listed(
        "executions",
        "Executions",
        (executions ?? []).map((row) => ({
          key: row.id,
          label: row.id,
          detail: `${row.kind} · ${row.diagnosis.level === "stuck" ? "stuck" : row.state.publicState}`,
          keywords: `${row.lane} ${row.namespace}`,
          ...(row.diagnosis.level === "stuck" && { state: "unhealthy" }),
          ...subjectOf("execution", [row]),
        })),
      ),
      ...listed(
        "rotations",
        "Rotations",
        rotations.map((row) => ({
          key: row.id,
          label: `Rotation to ${row.keyId}`,
          detail: row.state,
          keywords: row.id,
          ...subjectOf("rotation", [row]),
        })),
      ),
    ],
    [listed, executions, rotations],
  );
}

/** What a jobs server lists, and the job whose id is looked for; empty without one that is open. */
export function useForgeEntries(connectionId: string | undefined, query: string): readonly PaletteEntry[] {
  const listed = useListed("forge", connectionId);
  const scope = { connectionId: connectionId ?? "" };
  const isOpen = connectionId !== undefined;
  const queues = useTopic("forge.queues", { connectionId }).rows;
  const level = useOperation("forge.server.level", scope, { enabled: isOpen, once: true }).data?.level;
  const schedules = useOperation("forge.cron.list", scope, { enabled: isOpen, once: true }).data;
  const id = wordsOf(query).find((word) => jobIdPattern.test(word));
  const job = useOperation(
    "forge.jobs.get",
    { ...scope, id: id ?? "" },
    { enabled: isOpen && id !== undefined, once: true },
  ).data?.row;
  return useMemo(
    () => [
      ...listed(
        "queues",
        "Queues",
        queues.map((queue) => ({
          key: queue.name,
          label: queue.name,
          detail: queue.paused ? "paused" : `${queue.counts.pending} ready`,
          keywords: "queue",
          ...(queue.paused && { state: "stopped" }),
          // An older server has next to nothing that can be done with them.
          ...(level && hasLevel(level, "0.2.0") && subjectOf("queue", [queue])),
        })),
      ),
      ...listed(
        "schedules",
        "Schedules",
        (schedules ?? []).map((schedule) => ({
          key: schedule.name,
          label: schedule.name,
          detail: schedule.expression,
          keywords: `schedule cron ${schedule.kind} ${schedule.queueName ?? ""}`,
          ...subjectOf("schedule", [schedule]),
        })),
      ),
      ...listed(
        "jobs",
        "Jobs",
        job
          ? [
              {
                key: job.id,
                label: `${job.kind} ${job.id}`,
                detail: `${job.status} in ${job.queueName}`,
                keywords: "job",
                ...subjectOf("job", [job]),
              },
            ]
          : [],
      ),
    ],
    [listed, queues, schedules, job, level],
  );
}

/** Ids of jobs are ULIDs, which no list of the palette could hold all of. */
const jobIdPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
