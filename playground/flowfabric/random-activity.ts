import type { Random } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import { end, isTerminal, lease, type SimulatedExecution } from "./execution.ts";
import { addExecution, awaitApproval, work } from "./seed.ts";
import type { ServerState } from "./state.ts";

/** The worker that is ready to use a reclaim grant; grants for others expire unused. */
const readyWorker = "worker-1";
const consumeAfterMilliseconds = 1_500;

interface LifeParts {
  state: ServerState;
  random: Random;
  /** Key that signs new waitpoints. */
  currentKid(): Promise<string>;
  /** Nothing happens by itself but the use of grants. */
  calm: boolean;
}

/** Workers that take leases, finish, suspend and use grants; returns what ends them. */
export function startWorkers({ state, random, currentKid, calm }: LifeParts): () => void {
  const timers = new TimerGroup();
  timers.every(250, () => useGrants(state));
  if (!calm) {
    timers.every(900, () => moveSomething(state, random));
    timers.every(4_000, () => void suspendSomething(state, random, currentKid));
  }
  return () => timers.close();
}

function useGrants(state: ServerState): void {
  const now = state.now();
  for (const execution of state.executions.values()) {
    const { grant } = execution;
    if (!grant || grant.workerId !== readyWorker || grant.expiresAt <= now) continue;
    if (now - grant.writtenAt < consumeAfterMilliseconds) continue;
    lease(execution, readyWorker, { now, leaseMilliseconds: 30_000 });
  }
}

function moveSomething(state: ServerState, random: Random): void {
  const running = inState(state, "active").filter(({ vector }) => vector.ownership_state === "leased");
  const waiting = inState(state, "waiting");
  if (running.length > 10)
    end(random.pick(running), random.chance(0.9) ? "completed" : "failed", state.now());
  else if (waiting.length > 0) work(state, random, random.pick(waiting));
  if (waiting.length < 12) addExecution(state, random);
  dropOldest(state);
}

async function suspendSomething(
  state: ServerState,
  random: Random,
  currentKid: () => Promise<string>,
): Promise<void> {
  const running = inState(state, "active").filter(({ vector }) => vector.ownership_state === "leased");
  if (running.length === 0 || inState(state, "suspended").length > 12) return;
  const kid = await currentKid().catch(() => "");
  const chosen = random.pick(running);
  if (kid !== "" && chosen.vector.public_state === "active") awaitApproval(state, random, chosen, kid);
}

/** What is over is forgotten after a while, as the retention trimmer does. */
function dropOldest(state: ServerState): void {
  const over = [...state.executions.values()].filter(isTerminal);
  const oldest =
    over.length > 40 ? over.reduce((left, right) => (age(left) < age(right) ? left : right)) : undefined;
  if (!oldest) return;
  state.executions.delete(oldest.id);
  if (oldest.flowId) state.flows.delete(oldest.flowId);
}

function age({ completedAt = 0 }: SimulatedExecution): number {
  return completedAt;
}

function inState(state: ServerState, publicState: string): SimulatedExecution[] {
  return [...state.executions.values()].filter(({ vector }) => vector.public_state === publicState);
}
