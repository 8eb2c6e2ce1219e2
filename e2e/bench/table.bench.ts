import type { Page } from "@playwright/test";
import type { Shell } from "../support/console.ts";
import { median, percentile, report } from "../support/figures.ts";
import { preciseNow, run } from "./roles.ts";
import { onStage, type Stage } from "./stage.ts";

const hosts = 1_000;
const components = 50_000;
// Everything is read once at the start; afterwards a heartbeat of each host comes every half minute, as from real ones.
const playground = [
  "--calm",
  "--hosts",
  `${hosts}`,
  "--components",
  `${components}`,
  "--heartbeat-seconds",
  "30",
];

interface Table {
  name: string;
  screen: string;
  rows: number;
  /** What is typed into its filter. */
  filter: string;
}

const tables: Table[] = [
  { name: "components by host", screen: "components?by=host", rows: components, filter: "billing-api" },
  { name: "providers", screen: "providers", rows: components / 10, filter: "health:unknown" },
  { name: "hosts", screen: "hosts", rows: hosts, filter: "status:live" },
];

/** Milliseconds from the way to a screen until its table is there and has counted all of its rows. */
async function firstFullTable({ console, show }: Stage, table: Table): Promise<number> {
  const from = preciseNow();
  await show(table.screen);
  await console.page.waitForFunction(
    (count) => {
      const says = [...document.querySelectorAll('[role="status"]')].some(
        ({ textContent }) => textContent === count,
      );
      return says && document.querySelectorAll('[role="grid"] [role="gridcell"]').length > 0;
    },
    table.rows.toLocaleString("en-US"),
    { polling: "raf" },
  );
  return preciseNow() - from;
}

/** The milliseconds between the frames of the page while the work lasts. */
async function frameTimes(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    let last = performance.now();
    const next = (now: number) => {
      times.push(now - last);
      last = now;
      handle = requestAnimationFrame(next);
    };
    let handle = requestAnimationFrame((now) => {
      last = now;
      handle = requestAnimationFrame(next);
    });
    const end = () => {
      cancelAnimationFrame(handle);
      return times;
    };
    Object.assign(globalThis, { endBenchFrames: end });
  });
  await work();
  return page.evaluate(() => (globalThis as unknown as { endBenchFrames(): number[] }).endBenchFrames());
}

async function scroll(page: Page): Promise<void> {
  const box = await page.getByRole("grid").boundingBox();
  if (!box) throw new Error("there is no table");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < 200; turn += 1) {
    await page.mouse.wheel(0, turn < 120 ? 900 : -900);
    await page.waitForTimeout(12);
  }
  await page.mouse.move(400, 100);
}

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(text, { delay: 90 });
  for (let letter = 0; letter < text.length; letter += 1)
    await page.keyboard.press("Backspace", { delay: 60 });
  await page.keyboard.press("Escape");
}

async function measure(shell: Shell): Promise<void> {
  await onStage({ playground, shell }, async (stage) => {
    const { page } = stage.console;
    for (const table of tables) {
      const name = `${table.name} in ${shell}`;
      const times: number[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        times.push(await firstFullTable(stage, table));
        if (turn < 2) await leave(stage);
      }
      report({ ...first(times), name: `table: first full, ${name}`, budget: { atMost: 2_000 } });
      const scrolling = await frameTimes(page, () => scroll(page));
      report({ ...frames(scrolling), name: `table: scrolling, ${name}`, budget: { atMost: 32 } });
      const typing = await frameTimes(page, () => type(page, table.filter));
      report({ ...frames(typing), name: `table: typing in the filter, ${name}`, budget: { atMost: 32 } });
    }
  });
}

/** Stays away for so long that the page lets go of the rows and has to fetch them again. */
async function leave({ console, show }: Stage): Promise<void> {
  await show("overview");
  await console.page.waitForTimeout(11_000);
}

function first(times: readonly number[]) {
  return { value: median(times), unit: "ms", details: { runs: times } };
}

function frames(times: readonly number[]) {
  const details = { frames: times.length, p50: percentile(times, 0.5), longest: Math.max(...times) };
  return { value: percentile(times, 0.95), unit: "ms a frame, p95", details };
}

async function main(): Promise<void> {
  const only = process.env.SWITCHYARD_BENCH_SHELL;
  for (const shell of ["electron", "chromium"] as const) {
    if (only === undefined || only === shell) await measure(shell);
  }
}

await run(main, {});
