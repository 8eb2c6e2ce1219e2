import type { Random } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import { end, isTerminal, lease, type SimulatedExecution } from "./execution.ts";
import { addExecution, awaitApproval, work } from "./seed.ts";
import type { World } from "./state.ts";

/** The worker that is ready to use a reclaim grant; grants for others expire unused. */
const readyWorker = "worker-1";
const consumeAfterMilliseconds = 1_500;

interface LifeParts {
  world: World;
  random: Random;
  /** Key that signs new waitpoints. */
  currentKid(): Promise<string>;
  /** Nothing happens by itself but the use of grants. */
  calm: boolean;
}

/** Workers that take leases, finish, suspend and use grants; returns what ends them. */
export function startWorkers({ world, random, currentKid, calm }: LifeParts): () => void {
  const timers = new TimerGroup();
  timers.every(250, () => useGrants(world));
  if (!calm) {
    timers.every(900, () => moveSomething(world, random));
    timers.every(4_000, () => void suspendSomething(world, random, currentKid));
  }
  return () => timers.close();
}

function useGrants(world: World): void {
  const now = world.now();
  for (const execution of world.executions.values()) {
    const { grant } = execution;
    if (!grant || grant.workerId !== readyWorker || grant.expiresAt <= now) continue;
    if (now - grant.writtenAt < consumeAfterMilliseconds) continue;
    lease(execution, readyWorker, { now, leaseMilliseconds: 30_000 });
  }
}

function moveSomething(world: World, random: Random): void {
  const running = inState(world, "active").filter(({ vector }) => vector.ownership_state === "leased");
  const waiting = inState(world, "waiting");
  if (running.length > 10)
    end(random.pick(running), random.chance(0.9) ? "completed" : "failed", world.now());
  else if (waiting.length > 0) work(world, random, random.pick(waiting));
  if (waiting.length < 12) addExecution(world, random);
  dropOldest(world);
}

async function suspendSomething(
  world: World,
  random: Random,
  currentKid: () => Promise<string>,
): Promise<void> {
  const running = inState(world, "active").filter(({ vector }) => vector.ownership_state === "leased");
  if (running.length === 0 || inState(world, "suspended").length > 12) return;
  const kid = await currentKid().catch(() => "");
  const chosen = random.pick(running);
  if (kid !== "" && chosen.vector.public_state === "active") awaitApproval(world, random, chosen, kid);
}

/** What is over is forgotten after a while, as the retention trimmer does. */
function dropOldest(world: World): void {
  const over = [...world.executions.values()].filter(isTerminal);
  const oldest =
    over.length > 40 ? over.reduce((left, right) => (age(left) < age(right) ? left : right)) : undefined;
  if (!oldest) return;
  world.executions.delete(oldest.id);
  if (oldest.flowId) world.flows.delete(oldest.flowId);
}

function age({ completedAt = 0 }: SimulatedExecution): number {
  return completedAt;
}

function inState(world: World, state: string): SimulatedExecution[] {
  return [...world.executions.values()].filter(({ vector }) => vector.public_state === state);
}
