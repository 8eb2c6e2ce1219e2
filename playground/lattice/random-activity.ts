import type { Random } from "../kit/random.ts";
import { createRandom } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import type { ActivityAction } from "./activity-actions.ts";
import { ActivityActions } from "./activity-actions.ts";
import type { SimulatedLattice } from "./lattice.ts";

export interface RandomActivityOptions {
  seed: number;
  /** The mean pause between two actionsTaken. */
  meanMilliseconds: number;
}

/** Random activity that goes on. */
export interface RandomActivity {
  /** Happenings so far. */
  readonly actionsTaken: number;
  stop(): void;
}

const weights: readonly (readonly [ActivityAction, number])[] = [
  ["scale", 60],
  ["flapHealth", 8],
  ["changeLabel", 6],
  ["failScale", 6],
  ["restartProvider", 5],
  ["changeConfig", 4],
  ["rollOut", 3],
  ["visit", 1],
];

function choose(random: Random): ActivityAction {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let point = random.next() * total;
  for (const [action, weight] of weights) {
    point -= weight;
    if (point < 0) return action;
  }
  return "scale";
}

/** Makes random changes in a lattice: the same seed makes the same choices. */
export function startRandomActivity(
  lattice: SimulatedLattice,
  options: RandomActivityOptions,
): RandomActivity {
  const random = createRandom(options.seed);
  const timers = new TimerGroup();
  const actions = new ActivityActions(lattice, random, timers);
  let actionsTaken = 0;
  const actLater = (): void => {
    const pause = -Math.log(1 - random.next()) * options.meanMilliseconds;
    timers.after(Math.min(Math.max(pause, 20), options.meanMilliseconds * 5), () => {
      actions[choose(random)]();
      actionsTaken += 1;
      actLater();
    });
  };
  actLater();
  return {
    get actionsTaken() {
      return actionsTaken;
    },
    stop: () => timers.close(),
  };
}
