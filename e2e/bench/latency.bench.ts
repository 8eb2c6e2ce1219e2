import type { Page } from "@playwright/test";
import { percentile, report } from "../support/figures.ts";
import { Publisher, publisherRole } from "./publisher.ts";
import { run } from "./roles.ts";
import { lattice, onStage, takeOver } from "./stage.ts";

const eventsPerSecond = 1_000;
const seconds = Number(process.env.SWITCHYARD_BENCH_SECONDS ?? 20);
const warmUpSeconds = 3;
const probeEvery = 10;

/** A frame that brought a newer probe: when it was painted, and the newest probe in it. */
interface Frame {
  at: number;
  newest: number;
}

/** Lets the page note each frame in which a newer probe was painted. */
function watchProbes(page: Page): Promise<void> {
  return page.evaluate(() => {
    const frames: { at: number; newest: number }[] = [];
    Object.assign(globalThis, { benchFrames: frames });
    const grid = document.querySelector('[role="grid"]');
    if (!grid) throw new Error("there is no list of events");
    const painted = new MessageChannel();
    let newest = 0;
    let making = false;
    let changed = false;
    const look = () => {
      const shown = (grid.textContent ?? "").matchAll(/probe-(\d+)/g);
      const top = Math.max(newest, ...[...shown].map(([, number]) => Number(number)));
      if (top > newest) frames.push({ at: performance.timeOrigin + performance.now(), newest: top });
      newest = top;
    };
    painted.port1.onmessage = () => {
      making = false;
      if (changed) look();
      changed = false;
    };
    const request = requestAnimationFrame.bind(globalThis);
    // A message sent while a frame is being made comes when it has been painted, with all that the page changed in it.
    globalThis.requestAnimationFrame = (callback) =>
      request((time) => {
        if (!making) painted.port2.postMessage(undefined);
        making = true;
        callback(time);
      });
    new MutationObserver(() => {
      if (!changed && !making) requestAnimationFrame(() => undefined);
      changed = true;
    }).observe(grid, { childList: true, subtree: true, characterData: true });
  });
}

/** How long each probe took until a frame was painted that had it or a newer one; events leave the list quickly. */
function latencies(sent: readonly number[], frames: readonly Frame[]): number[] {
  const taken: number[] = [];
  const first = (warmUpSeconds * eventsPerSecond) / probeEvery;
  let frame = 0;
  for (let number = first; number < sent.length; number += 1) {
    while (frame < frames.length && (frames[frame] as Frame).newest < number) frame += 1;
    const painted = frames[frame];
    if (!painted) throw new Error(`probe ${number} of ${sent.length - 1} was never painted`);
    taken.push(painted.at - (sent[number] as number));
  }
  return taken;
}

async function measure(): Promise<{ taken: number[]; frames: number }> {
  const publisher = new Publisher();
  try {
    const playground = ["--calm", "--hosts", "50", "--components", "1000"];
    return await onStage({ playground, screen: "events" }, async ({ playground, console, http }) => {
      const hosts = await takeOver(playground);
      await http.quiet();
      await watchProbes(console.page);
      const count = eventsPerSecond * (seconds + warmUpSeconds);
      const published = await publisher.publish({
        url: playground.natsUrl,
        token: playground.natsToken,
        lattice,
        hosts,
        count,
        window: count,
        eventsPerSecond,
        probeEvery,
      });
      await http.quiet();
      const frames = await console.page.evaluate(
        () => (globalThis as unknown as { benchFrames: Frame[] }).benchFrames,
      );
      return { taken: latencies(published.probes, frames), frames: frames.length };
    });
  } finally {
    await publisher.stop();
  }
}

async function main(): Promise<void> {
  const { taken, frames } = await measure();
  const details = { eventsPerSecond, probes: taken.length, frames };
  const name = "latency: published to painted";
  report({
    name: `${name}, p50`,
    value: percentile(taken, 0.5),
    unit: "ms",
    budget: { atMost: 80 },
    details,
  });
  report({
    name: `${name}, p99`,
    value: percentile(taken, 0.99),
    unit: "ms",
    budget: { atMost: 200 },
    details,
  });
}

await run(main, { publisher: publisherRole });
