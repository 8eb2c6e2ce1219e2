import { TimerGroup } from "../kit/timers.ts";
import { publishScaled } from "./commands/component-events.ts";
import { checkHealth } from "./commands/provider-health.ts";
import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";

export interface LoadOptions {
  eventsPerSecond: number;
}

/** A running stream of events. */
export interface Load {
  /** How many events were published so far. */
  readonly published: number;
  stop(): void;
}

const batchMilliseconds = 10;

const positions = new WeakMap<object, Iterator<string>>();

/** Walks round and round over the keys of a map that may change meanwhile. */
function nextKey(map: Map<string, unknown>): string | undefined {
  const step = positions.get(map)?.next();
  if (step && !step.done) return step.value;
  const fresh = map.keys();
  positions.set(map, fresh);
  return fresh.next().value;
}

function reportComponent(host: SimulatedHost): boolean {
  const { components, id: hostId } = host.context.state;
  const id = nextKey(components);
  const component = id === undefined ? undefined : components.get(id);
  if (id === undefined || !component) return false;
  const { reference, annotations, claims, count } = component;
  publishScaled(host.context, { id, count, reference, annotations, claims, hostId });
  return true;
}

function reportHealth(host: SimulatedHost): boolean {
  const id = nextKey(host.context.state.providers);
  if (id === undefined) return false;
  checkHealth(host.context, id);
  return true;
}

/** Publishes so many events per second, each true to the state of its host, round robin over the hosts. */
export function startLoad(lattice: SimulatedLattice, options: LoadOptions): Load {
  const timers = new TimerGroup();
  const largestBatch = Math.max(1, Math.ceil((options.eventsPerSecond * batchMilliseconds * 5) / 1000));
  let published = 0;
  let turn = 0;
  let due = 0;
  let last = performance.now();
  const publishOne = (hosts: readonly SimulatedHost[]): void => {
    const host = hosts[turn % hosts.length] as SimulatedHost;
    turn += 1;
    const report = (turn % 5 === 0 && reportHealth(host)) || reportComponent(host);
    if (report) published += 1;
  };
  timers.every(batchMilliseconds, () => {
    const now = performance.now();
    // A stall is not made up for in one flood: at most five batches at once.
    due = Math.min(largestBatch, due + ((now - last) * options.eventsPerSecond) / 1000);
    last = now;
    const hosts = lattice.running();
    if (hosts.length === 0) return;
    for (; due >= 1; due -= 1) publishOne(hosts);
  });
  return {
    get published() {
      return published;
    },
    stop: () => timers.close(),
  };
}
