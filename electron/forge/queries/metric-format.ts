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
export function explained(family: string): string | undefined {
  return Object.hasOwn(words, family) ? words[family] : undefined;
}
