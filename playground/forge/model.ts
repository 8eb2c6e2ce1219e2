/** The five states of a job (forge-jobs §5). */
export const statuses = ["pending", "in_progress", "failed", "done", "dead"] as const;
export type Status = (typeof statuses)[number];

export interface ErrorEntry {
  at: number;
  attempt: number;
  message: string;
}

/** A stored job; times in milliseconds since 1970. */
export interface Job {
  id: string;
  queue: string;
  kind: string;
  /** JSON text, keys sorted, digits as they came. */
  payload: string;
  status: Status;
  priority: number;
  attempts: number;
  maxAttempts: number;
  enqueuedAt: number;
  scheduledAt: number;
  startedAt: number | null;
  completedAt: number | null;
  lastError: string | null;
  processId: string | null;
  dedupeKey: string | null;
  heartbeatAt: number | null;
  errors: ErrorEntry[];
  cancelRequested: boolean;
}

export interface Queue {
  name: string;
  paused: boolean;
  maxWorkers: number;
  retainDoneDays: number;
  retainDeadDays: number;
  backoffEnabled: boolean;
  backoffBase: number;
  backoffMax: number;
  throttledUntil: number | null;
  throttles: number;
}

export interface Slot {
  processId: string;
  queue: string;
  hostId: string;
  startedAt: number;
  heartbeatAt: number;
  currentJob: string | null;
}

/** A worker process. */
export interface Pod {
  hostId: string;
  name: string | null;
  /** What it declared; empty before 0.3. */
  queues: string[];
  /** Slots that the rebalance gave it, by queue; a pause does not change them. */
  assigned: Map<string, number>;
  startedAt: number;
  heartbeatAt: number;
  alive: boolean;
}

export interface Schedule {
  name: string;
  kind: string;
  payload: string;
  queue: string | null;
  expression: string;
  enabled: boolean;
  maxAttempts: number | null;
  dedupeKey: string | null;
  lastFiredAt: number | null;
  nextFireAt: number | null;
  lastError: string | null;
  createdAt: number;
  updatedAt: number;
}

export type EventType = "enqueued" | "started" | "retried" | "completed" | "failed";
export interface QueueEvent {
  at: number;
  queue: string;
  type: EventType;
  jobId: string;
}

/** One minute of one measure, of a queue or a host (forge-jobs §7.9). */
export interface Rollup {
  owner: string;
  metric: string;
  minute: number;
  count: number;
  sum: number;
  p50: number;
  p95: number;
  p99: number;
}

/** A queue as it is when its row is made (forge-jobs §5, §7.10). */
export function newQueue(name: string, settings: Partial<Queue> = {}): Queue {
  return {
    name,
    paused: false,
    maxWorkers: 1,
    retainDoneDays: 7,
    retainDeadDays: 30,
    backoffEnabled: false,
    backoffBase: 60,
    backoffMax: 1_800,
    throttledUntil: null,
    throttles: 0,
    ...settings,
  };
}
