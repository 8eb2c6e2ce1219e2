import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataDirectory, startConsole } from "../support/console.ts";
import { median, report } from "../support/figures.ts";
import { root } from "../support/paths.ts";
import { type PlaygroundProcess, startPlaygroundProcess } from "../support/playground.ts";
import { type Start, startTime } from "./electron-start.ts";
import { run } from "./roles.ts";
import { connectionId, connectTo, lattice } from "./stage.ts";

const turns = 7;

/** The smallest application: a window with a line of text, and what Electron itself needs until it is painted. */
function bareApplication(directory: string): string {
  const folder = join(directory, "bare");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "name": "bare", "main": "main.js" }');
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Bare</title><p>Hosts</p>");
  writeFileSync(
    join(folder, "main.js"),
    `const { app, BrowserWindow } = require("electron");
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadFile("index.html"));
app.on("window-all-closed", () => app.quit());
process.on("SIGTERM", () => app.quit());`,
  );
  return folder;
}

/** The overview counts living hosts, and its way to them can be pressed. */
function showsHosts(): boolean {
  const figure = document.querySelector('[aria-label="Key figures"] a[href*="/hosts"]');
  return /[1-9]\d* live/.test(figure?.textContent ?? "");
}

async function main(): Promise<void> {
  const data = dataDirectory();
  const playground = await startPlaygroundProcess(["--calm", "--no-staging"]);
  try {
    await remember(data.directory, playground);
    const bare: Start = {
      application: bareApplication(data.directory),
      args: [`--user-data-dir=${join(data.directory, "bare-data")}`],
      isReady: () => document.querySelector("p") !== null,
    };
    const own: Start = {
      application: root,
      args: ["--data", data.directory, "--no-playground"],
      isReady: showsHosts,
    };
    // The first of each warms the disk.
    const bareTimes: number[] = [];
    const times: number[] = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      bareTimes.push(await startTime(bare));
      times.push(await startTime(own));
    }
    tell(bareTimes.slice(1), times.slice(1));
  } finally {
    await playground.stop();
    data.remove();
  }
}

/** Lets a console keep the connection, so that each start opens it by itself and shows its lattice. */
async function remember(directory: string, playground: PlaygroundProcess): Promise<void> {
  const console = await startConsole("electron", { directory, args: ["--no-playground"] });
  try {
    await connectTo(console, playground);
    await console.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/c/${connectionId}/${lattice}/overview`);
    await console.page.waitForFunction(showsHosts);
  } finally {
    await console.close();
  }
}

function tell(bare: readonly number[], own: readonly number[]): void {
  report({
    name: "start: Electron with a bare window",
    value: median(bare),
    unit: "ms",
    details: { runs: bare },
  });
  report({ name: "start: console with its hosts", value: median(own), unit: "ms", details: { runs: own } });
  report({
    name: "start: the application's own part",
    value: median(own) - median(bare),
    unit: "ms",
    budget: { atMost: 1_500 },
  });
}

await run(main, {});
