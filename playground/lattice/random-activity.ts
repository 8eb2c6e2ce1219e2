import type { Random } from "../kit/random.ts";
import { createRandom } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import type { Happening } from "./activity-actions.ts";
import { LifeActions } from "./activity-actions.ts";
import type { SimulatedLattice } from "./lattice.ts";

export interface LifeOptions {
  seed: number;
  /** The mean pause between two happenings. */
  meanMilliseconds: number;
}

/** A running script of life. */
export interface Life {
  /** Happenings so far. */
  readonly happenings: number;
  stop(): void;
}

const weights: readonly (readonly [Happening, number])[] = [
  ["scale", 60],
  ["flapHealth", 8],
  ["changeLabel", 6],
  ["failScale", 6],
  ["restartProvider", 5],
  ["changeConfig", 4],
  ["rollOut", 3],
  ["visit", 1],
];

function choose(random: Random): Happening {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let point = random.next() * total;
  for (const [action, weight] of weights) {
    point -= weight;
    if (point < 0) return action;
  }
  return "scale";
}

/** Lets things happen in a lattice: the same seed makes the same choices. */
export function startLife(lattice: SimulatedLattice, options: LifeOptions): Life {
  const random = createRandom(options.seed);
  const timers = new TimerGroup();
  const actions = new LifeActions(lattice, random, timers);
  let happenings = 0;
  const live = (): void => {
    const pause = -Math.log(1 - random.next()) * options.meanMilliseconds;
    timers.after(Math.min(Math.max(pause, 20), options.meanMilliseconds * 5), () => {
      actions[choose(random)]();
      happenings += 1;
      live();
    });
  };
  live();
  return {
    get happenings() {
      return happenings;
    },
    stop: () => timers.close(),
  };
}
