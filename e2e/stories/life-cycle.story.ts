import { once } from "node:events";
import type { RunningConsole } from "../support/console.ts";
import { accepts } from "../support/free-port.ts";
import { ask, converged } from "../support/lattice.ts";
import { cell, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

test("subscriptions end with each reload, and the new page is live", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page, application } = started;
  await converged(started, playground);

  // The console allows 32 streams at once; with 5 a page, seven pages would use them up if they stayed.
  for (let reload = 0; reload < 8; reload += 1) {
    if (!application) await page.evaluate(openStreams, 4);
    await page.reload();
    await expect(page.getByRole("heading", { name: "Hosts", level: 1 })).toBeVisible();
  }
  await application?.evaluate(recordDeltas);
  await playground.order({ do: "add-host", friendlyName: "after-reload-1" });
  await expect.poll(() => cell(tableRow(page, "hosts", "after-reload-1"), "Status")).toBe("live");

  // A subscription of an earlier page would bring the same change once more.
  const deltas = await application?.evaluate(() => (globalThis as unknown as { deltas: string[] }).deltas);
  if (deltas) expect(deltas).toContainEqual(expect.stringMatching(/^lattice\.hosts/));
  expect(deltas).toEqual(deltas && [...new Set(deltas)]);
});

test("a window that hangs is sent no more than it may have, and is live again afterwards @desktop", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page, application } = started;
  if (!application) throw new Error("this story is of the desktop");
  await converged(started, playground);
  const renderer = await application.evaluate(countTopicMessages);
  const sent = () => application.evaluate(() => (globalThis as unknown as { sent: number }).sent);
  const addHosts = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1)
      await playground.order({ do: "add-host", friendlyName: `while-hanging-${index}` });
  };

  process.kill(renderer, "SIGSTOP");
  try {
    const before = await sent();
    const whileAdding = async () => {
      await addHosts(0, 1);
      return sent();
    };
    await expect.poll(whileAdding).toBeGreaterThan(before + mostOnTheWay / 2);
    await addHosts(1, 20);
    expect(await sent()).toBeLessThanOrEqual(before + mostOnTheWay);
  } finally {
    process.kill(renderer, "SIGCONT");
  }
  await expect.poll(() => cell(tableRow(page, "hosts", "while-hanging-19"), "Status")).toBe("live");
});

test("a page cannot be led away, and opens no window @desktop", async ({ stage }) => {
  const { page, application } = await stage.open();
  await expect(page.getByText("No connection yet")).toBeVisible();
  const address = page.url();
  await page.evaluate(() => {
    window.open("http://127.0.0.1:9/");
  });
  expect(application?.windows()).toEqual([page]);
  await page.evaluate(() => {
    location.assign("http://127.0.0.1:9/");
  });
  // Playwright itself would now wait for a navigation that never comes.
  const shown = await application?.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return { url: contents?.getURL(), text: await contents?.executeJavaScript("document.body.innerText") };
  });
  expect(shown).toEqual({ url: address, text: expect.stringContaining("No connection yet") });
});

test("closing ends the console and its simulated systems with success", async ({ stage }) => {
  const started = await stage.open({ args: [] });
  const port = await natsPort(started);
  expect(await accepts(port)).toBe(true);
  const exited = once(started.process, "exit");
  if (started.application) await started.page.close();
  else started.process.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  expect(await accepts(port)).toBe(false);
});

/** Messages that a window may not have taken yet. */
const mostOnTheWay = 32;

/** Runs inside Electron's main process: counts the messages of topics to the window, and answers its process. */
function countTopicMessages({ BrowserWindow }: typeof import("electron")): number {
  const counted = { sent: 0 };
  Object.defineProperty(globalThis, "sent", { get: () => counted.sent });
  const contents = BrowserWindow.getAllWindows()[0]?.webContents;
  if (!contents) throw new Error("there is no window");
  const send = contents.send.bind(contents);
  contents.send = (channel: string, ...rest: unknown[]) => {
    if (channel === "switchyard:topic") counted.sent += 1;
    send(channel, ...rest);
  };
  return contents.getOSProcessId();
}

/** Runs in the page: opens more live streams, and waits until they are. */
async function openStreams(count: number): Promise<void> {
  const authorization = `Bearer ${sessionStorage.getItem("switchyard-session")}`;
  const opened = Array.from({ length: count }, async () => {
    const { status } = await fetch("/api/stream?topics=connections", { headers: { authorization } });
    if (status !== 200) throw new Error(`a stream was answered with ${status}`);
  });
  await Promise.all(opened);
}

/** Runs inside Electron's main process: notes each change of a topic that is sent to the window. */
function recordDeltas({ BrowserWindow }: typeof import("electron")): void {
  const deltas: string[] = [];
  Object.assign(globalThis, { deltas });
  const contents = BrowserWindow.getAllWindows()[0]?.webContents;
  if (!contents) return;
  const send = contents.send.bind(contents);
  contents.send = (channel: string, ...rest: unknown[]) => {
    const message = rest[1] as { kind?: string; topic?: string; revision?: number };
    if (message.kind === "delta") deltas.push(`${message.topic} ${message.revision}`);
    send(channel, ...rest);
  };
}

async function natsPort(started: RunningConsole): Promise<number> {
  await expect.poll(async () => (await ask(started, "playground.get", {})).natsRunning).toBe(true);
  const { address = "" } = await ask(started, "playground.get", {});
  return Number(new URL(address).port);
}
