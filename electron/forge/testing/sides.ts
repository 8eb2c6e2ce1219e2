import { SimulatedForge } from "../../../playground/forge/forge.ts";
import { RealJobsServer, type SeededJob } from "./jobs-servers.ts";

/** What both a real server and the simulated one are to tests. */
export interface Side {
  url: string;
  addQueue(name: string): void;
  addJob(job: SeededJob): void;
  addSchedule(name: string, expression: string): void;
  stop(): Promise<void>;
}

/** Path of a real `jobs-server`, set by `npm run interop -- forge`. */
const program = process.env.SWITCHYARD_JOBS_SERVER;

/** The servers that a test of both runs against, by name: the simulated one, and a real one where there is one. */
export const sides: readonly (readonly [string, () => Promise<Side>])[] = [
  ["the simulated server", startSimulated],
  ...(program ? [["the real server", () => RealJobsServer.start(program)] as const] : []),
];

const madeAt = Date.parse("2026-07-01T08:00:00.000Z");

async function startSimulated(): Promise<Side> {
  const forge = await SimulatedForge.start({ bare: true });
  const { store } = forge;
  return {
    url: forge.url,
    addQueue: (name) => void store.addQueue(name),
    addJob: ({ id, queue, status, attempts, enqueuedAt, completedAt }) => {
      const job = store.enqueue({ queue, kind: "seeded", payload: "{}" }, enqueuedAt);
      store.remove(job);
      store.jobs.set(id, { ...job, id, status, attempts, completedAt: completedAt ?? null });
    },
    addSchedule: (name, expression) =>
      void store.schedules.set(name, {
        name,
        kind: "seeded",
        payload: "{}",
        queue: "mailers",
        expression,
        enabled: true,
        maxAttempts: null,
        dedupeKey: null,
        lastFiredAt: null,
        nextFireAt: null,
        lastError: null,
        createdAt: madeAt,
        updatedAt: madeAt,
      }),
    stop: () => forge.stop(),
  };
}
