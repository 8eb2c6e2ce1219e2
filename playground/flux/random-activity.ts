import { createRandom, type Random } from "../kit/random.ts";
import { TimerGroup } from "../kit/timers.ts";
import { automate } from "./automation.ts";
import type { SimulatedDaemon } from "./daemon.ts";
import { splitReference } from "./registry.ts";

const stepMs = 12_000;

/** Random changes at daemons: new images, automatic releases, commits by others. Returns what ends it. */
export function startRandomActivity(daemons: readonly SimulatedDaemon[], seed: number): () => void {
  const timers = new TimerGroup();
  const random = createRandom(seed);
  timers.every(stepMs, () => act(random.pick(daemons), random), 4_000);
  return () => timers.close();
}

function act(daemon: SimulatedDaemon, random: Random): void {
  if (random.chance(0.7)) {
    publishNext(daemon, random.pick(daemon.state.registry.names));
    void automate(daemon.state, (event) => daemon.post(event));
  } else {
    daemon.state.repository.commit(
      random.pick(["Tidy up manifests", "Raise memory limit", "Add a dashboard"]),
    );
  }
  void daemon.sync();
}

/** Publishes the next patch of an image. */
export function publishNext({ state }: SimulatedDaemon, name: string): string {
  const newest = state.registry.available(name)[0]?.ID ?? `${name}:1.0.0`;
  const [major = "1", minor = "0", patch = "0"] = splitReference(newest).tag.split(".");
  const next = `${name}:${major}.${minor}.${Number(patch) + 1}`;
  state.registry.publish(next);
  return next;
}
