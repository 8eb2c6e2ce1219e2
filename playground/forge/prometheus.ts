import { countJobs, noJobs } from "./count-jobs.ts";
import type { Queue } from "./model.ts";
import type { ForgeStore } from "./store.ts";

type Counts = ReturnType<typeof noJobs>;

const families: readonly [string, string, (counts: Counts, queue: Queue, now: number) => number][] = [
  ["queue_pending_jobs", "Jobs ready to run", (counts) => counts.pending],
  ["queue_scheduled_jobs", "Jobs scheduled for later", (counts) => counts.scheduled],
  ["queue_in_flight_jobs", "Jobs being executed", (counts) => counts.in_progress],
  ["queue_done_jobs", "Done jobs still retained", (counts) => counts.done],
  ["queue_failed_jobs", "Jobs awaiting retry", (counts) => counts.failed],
  ["queue_dead_jobs", "Dead-lettered jobs", (counts) => counts.dead],
  [
    "queue_oldest_pending_age_seconds",
    "Age of the oldest ready job",
    (counts) => Math.floor(counts.oldest / 1000),
  ],
  ["queue_max_workers", "Configured workers", (_counts, queue) => queue.maxWorkers],
  ["queue_paused", "1 when paused", (_counts, queue) => (queue.paused ? 1 : 0)],
  [
    "queue_throttled",
    "1 when cooling down",
    (_counts, queue, now) => ((queue.throttledUntil ?? 0) > now ? 1 : 0),
  ],
];

/** The metrics text: ten families of gauges with one label (forge-jobs §8). */
export function prometheusText(store: ForgeStore): string {
  const all = countJobs(store);
  const now = store.now();
  const lines = families.flatMap(([name, help, read]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...store.sortedQueues().map((queue) => {
      const value = read(all.get(queue.name) ?? noJobs(), queue, now);
      return `${name}{queue="${escaped(queue.name)}"} ${value}`;
    }),
  ]);
  return `${lines.join("\n")}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
