import { setTimeout as pause } from "node:timers/promises";
import type { ElectronApplication } from "@playwright/test";
import { report } from "../support/figures.ts";
import { Publisher, publisherRole } from "./publisher.ts";
import { run } from "./roles.ts";
import { lattice, onStage, type Stage, takeOver } from "./stage.ts";

const warmUp = 100_000;
const count = Number(process.env.SWITCHYARD_BENCH_EVENTS ?? 2_000_000);
// A NATS server cuts off whoever takes longer than ten seconds for what waits for it.
const window = 20_000;

interface Memory {
  mainMiB: number;
  rendererMiB: number;
  mainHeapMiB: number;
}

/** Resident memory of the main process and of the page's, after garbage was collected in both. */
async function memory({ console: { application, page } }: Stage): Promise<Memory> {
  if (!application) throw new Error("only Electron has processes to look at");
  for (let turn = 0; turn < 3; turn += 1) {
    await page.requestGC();
    await collectInMain(application);
    await pause(1_000);
  }
  return application.evaluate(({ app }) => {
    const kinds = app.getAppMetrics();
    const renderer = kinds.filter(({ type }) => type === "Tab");
    const mib = (bytes: number) => Math.round((bytes / 1_048_576) * 10) / 10;
    return {
      mainMiB: mib(process.memoryUsage().rss),
      rendererMiB: mib(renderer.reduce((sum, { memory }) => sum + memory.workingSetSize * 1_024, 0)),
      mainHeapMiB: mib(process.memoryUsage().heapUsed),
    };
  });
}

function collectInMain(application: ElectronApplication): Promise<void> {
  return application.evaluate(() => (globalThis as { gc?: () => void }).gc?.());
}

async function measure(): Promise<{ before: Memory; after: Memory; seconds: number }> {
  const publisher = new Publisher();
  const options = {
    playground: ["--calm", "--hosts", "50", "--components", "1000"],
    args: ["--js-flags=--expose-gc"],
    screen: "events",
  };
  try {
    return await onStage(options, async (stage) => {
      const hosts = await takeOver(stage.playground);
      const { eventsTotal } = await stage.http.quiet();
      let before = eventsTotal;
      stage.http.onRow((row) => publisher.seen(row.eventsTotal - before));
      const publish = async (events: number) => {
        publisher.seen(0);
        const { natsUrl: url, natsToken: token } = stage.playground;
        await publisher.publish({ url, token, lattice, hosts, count: events, window });
        const all = before + events;
        await stage.http.until("the last event", (row) => row.eventsTotal >= all);
        before = all;
      };
      await publish(warmUp);
      const first = await memory(stage);
      const from = performance.now();
      await publish(count);
      const seconds = (performance.now() - from) / 1_000;
      return { before: first, after: await memory(stage), seconds };
    });
  } finally {
    await publisher.stop();
  }
}

async function main(): Promise<void> {
  const { before, after, seconds } = await measure();
  report({
    name: `memory: growth over ${count.toLocaleString("en-US")} events`,
    value: after.mainMiB + after.rendererMiB - before.mainMiB - before.rendererMiB,
    unit: "MiB",
    budget: { atMost: 60 },
    details: { afterTheFirst: warmUp, before, after, eventsPerSecond: Math.round(count / seconds) },
  });
}

await run(main, { publisher: publisherRole });
