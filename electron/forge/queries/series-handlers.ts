import { Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { seriesOperations } from "../../../shared/forge/series-operations.ts";
import type { History } from "../../../shared/forge/series-schema.ts";
import type { MetricStore } from "../../storage/metric-store.ts";
import { timestamp } from "../../upstream/evidence.ts";
import { parsePrometheus } from "../../upstream/prometheus.ts";
import type { SeriesWindow } from "../client/client.ts";
import type { CommandParts } from "../commands/command-parts.ts";
import { requireLevel } from "../session/level.ts";
import type { ForgeSession } from "../session/session.ts";

const words: Readonly<Record<string, string>> = {
  queue_pending_jobs: "Ready to run now; jobs that are due later are not in it.",
  queue_scheduled_jobs: "Pending but due later: delayed on purpose, or sent back by a throttle.",
  queue_in_flight_jobs: "Claimed by a worker at this moment.",
  queue_done_jobs:
    "Done and still kept. It falls when old jobs are cleaned up, so a rate of it means nothing.",
  queue_failed_jobs: "Waiting for their next retry; not given up yet.",
  queue_dead_jobs: "Given up after their last attempt, or for good.",
  queue_oldest_pending_age_seconds:
    "How long the oldest ready job has waited since it was due. Failed jobs that are due again do not count; a job enqueued with a time in the past makes it large.",
  queue_max_workers:
    "Slots in the whole cluster as configured; the workers page shows whether they are in use.",
  queue_paused: "1 while paused. Jobs still come in.",
  queue_throttled: "1 while the queue cools down after a handler reported a throttle.",
};

/** What is known of a family beyond the server's own words (forge-jobs §8). */
function explained(family: string): string | undefined {
  return Object.hasOwn(words, family) ? words[family] : undefined;
}

type Series = Handlers<typeof seriesOperations>;

const bucketCap = 2_000;

/** Handlers of figures over time. */
export function seriesHandlers(parts: CommandParts, store: Pick<MetricStore, "read">): Series {
  const session = (connectionId: string, window: SeriesWindow): ForgeSession => {
    const found = requireLevel(parts.session(connectionId), "0.2.0", "Reading figures over time");
    refuseWide(window);
    return found;
  };
  return {
    "forge.metrics.get": async ({ connectionId }) => {
      const { families, problems } = parsePrometheus(await parts.session(connectionId).client.metricsText());
      const told = families.map((family) => {
        const words = explained(family.name);
        return { ...family, ...(words !== undefined && { explained: words }) };
      });
      return { families: told, problems, readAt: timestamp(parts) };
    },
    "forge.history.get": (input) => history(store, input),
    "forge.timeline.get": (input) => session(input.connectionId, input).client.timeline(input),
    "forge.series.queue": (input) =>
      session(input.connectionId, input).client.metricSeries(input.queue, minuteWindow(input)),
    "forge.series.resources": (input) =>
      session(input.connectionId, input).client.resourceSeries(minuteWindow(input)),
    "forge.series.database": (input) =>
      session(input.connectionId, input).client.databaseSeries(minuteWindow(input)),
  };
}

/** Servers drop minutes that begin before the window: it begins with a whole one (forge-jobs §6.8). */
function minuteWindow({ from, to, bucketSeconds }: SeriesWindow): SeriesWindow {
  const start = Math.floor(Date.parse(from) / 60_000) * 60_000;
  return { from: new Date(start).toISOString(), to, bucketSeconds: Math.max(60, bucketSeconds) };
}

/** Beyond 2000 buckets servers leave out the newest ones silently (forge-jobs trap 15). */
function refuseWide({ from, to, bucketSeconds }: SeriesWindow): void {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  if (seconds / bucketSeconds <= bucketCap) return;
  const enough = Math.ceil(seconds / bucketCap);
  throw new Failure({
    code: "invalid_input",
    message: `bucketSeconds: the span has more than ${bucketCap} buckets, and the server would leave out the newest.`,
    details: { fields: [{ path: "bucketSeconds", message: `at least ${enough}` }] },
    hint: `Use ${enough} or more.`,
  });
}

function history(
  store: Pick<MetricStore, "read">,
  input: Parameters<Series["forge.history.get"]>[0],
): History {
  const from = Math.floor(Date.parse(input.from) / 1_000);
  const to = Math.ceil(Date.parse(input.to) / 1_000);
  const stepSeconds = Math.max(15, Math.ceil((to - from) / input.points));
  const steps = Math.max(0, Math.ceil((to - from) / stepSeconds));
  const points = store.read({
    connectionId: input.connectionId,
    from,
    to,
    stepSeconds,
    family: input.family,
    subject: input.queue,
  });
  const series = new Map<string, History["series"][number]>();
  for (const { family, subject, step, value } of points) {
    const key = JSON.stringify([family, subject]);
    const one = series.get(key) ?? { family, queue: subject, values: Array<number | null>(steps).fill(null) };
    one.values[step] = value;
    series.set(key, one);
  }
  const times = Array.from({ length: steps }, (_, index) => from + (index + 0.5) * stepSeconds);
  return { times, series: [...series.values()], stepSeconds };
}
