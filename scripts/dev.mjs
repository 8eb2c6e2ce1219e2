import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ConsoleProcess } from "./lib/dev/console-process.mjs";
import { servePage } from "./lib/dev/page-server.mjs";
import { startPlaygroundProcess } from "./lib/dev/playground-process.mjs";
import { watchBundles } from "./lib/dev/watched-bundles.mjs";
import { hasDisplay } from "./lib/display.mjs";
import { developmentFile, root } from "./lib/paths.mjs";
import { note, runAsScript } from "./lib/terminal.mjs";
import { electronPath, playgroundExtras, sandboxArguments, setup, setupIfPossible } from "./setup.mjs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs the console for somebody who changes it: the page is reloaded in place, in the window and in a browser; the main
 * process is built and started again after each change, and the playground lives on meanwhile. `--no-playground` goes
 * without one, `--data` takes other data than those in .cache/dev, and `--page-port` another port for the page.
 */
export async function dev(argumentsList) {
  const { values } = parseArgs({
    args: argumentsList,
    options: {
      "no-playground": { type: "boolean" },
      data: { type: "string", default: developmentFile("data") },
      "page-port": { type: "string", default: "5173" },
    },
  });
  const withPlayground = !values["no-playground"];
  const window = await provide(withPlayground);
  // The console without a window looks for its own files there; the page's come from elsewhere.
  mkdirSync(developmentFile("renderer"), { recursive: true });
  const ending = new AbortController();
  for (const signal of signals) process.on(signal, () => ending.abort());
  const closings = [];
  try {
    await run({ values, withPlayground, window, end: () => ending.abort(), closings });
    if (!ending.signal.aborted) await once(ending.signal, "abort");
  } finally {
    for (const close of closings.reverse()) await close();
  }
}

/** Sets up what is missing; answers the Electron to open the window with, or undefined where no window can be shown. */
async function provide(withPlayground) {
  await setup({ need: ["dependencies", ...(withPlayground ? ["nats-server"] : [])] });
  if (withPlayground) await setupIfPossible(playgroundExtras);
  if (!hasDisplay()) {
    note("there is no display here, so there is only the page in a browser");
    return undefined;
  }
  await setup({ need: ["electron"] });
  return electronPath();
}

/** Starts everything; what ends it again goes to `closings`, in the sequence in which it was started. */
async function run({ values, withPlayground, window, end, closings }) {
  const nonce = randomBytes(16).toString("base64");
  const api = `http://127.0.0.1:${await freePort()}`;
  const playground = withPlayground ? await startPlaygroundProcess() : undefined;
  if (playground) closings.push(playground.stop);
  const page = await servePage({ api, nonce, port: Number(values["page-port"]) });
  closings.push(page.close);
  const runner = new ConsoleProcess({
    command: command({ window, api, data: values.data, withPlayground }),
    environment: { SWITCHYARD_PAGE_SERVER: page.address, SWITCHYARD_PAGE_NONCE: nonce },
    answer: (order) => (order === "reach" ? playground?.reach : playground?.ask(order)),
    onStarted: () => void announce({ api, page: page.address, data: values.data }),
    onEnded: end,
  });
  closings.push(() => runner.close());
  const outputs = window ? ["main.cjs", "preload.cjs"] : ["headless.cjs"];
  closings.push(
    await watchBundles(outputs, { remotePlayground: withPlayground, onBuilt: () => runner.restart() }),
  );
}

/** How the console is started: Electron wants a folder with a package.json that names the bundle. */
function command({ window, api, data, withPlayground }) {
  const { port } = new URL(api);
  const common = ["--data", data, ...(withPlayground ? [] : ["--no-playground"])];
  if (!window) return [process.execPath, developmentFile("headless.cjs"), "--port", port, ...common];
  const { name, productName, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const manifest = { name, productName, version, main: "main.cjs" };
  writeFileSync(developmentFile("package.json"), JSON.stringify(manifest));
  return [window.executable, ...sandboxArguments(), developmentFile(), "--http-port", port, ...common];
}

/** Says where the page is, with a link that signs a browser in where only a terminal sees it. */
async function announce({ api, page, data }) {
  if (!process.stdout.isTTY) {
    console.log(page);
    return;
  }
  const link = await signInLink(api, data);
  console.log(link ? `${page}/${new URL(link).hash}` : page);
}

/** A link from the console, as soon as it answers; undefined where it does not, such as after a fault in what was changed. */
async function signInLink(api, data) {
  for (let attempt = 0; attempt < 100; attempt++) {
    await setTimeout(100);
    try {
      const token = readFileSync(join(data, "token"), "utf8").trim();
      const headers = { Authorization: `Bearer ${token}` };
      const reply = await fetch(`${api}/api/console/sign-in-links`, { method: "POST", headers });
      if (reply.ok) return (await reply.json()).address;
    } catch {
      // It does not listen yet.
    }
  }
  return undefined;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

await runAsScript(import.meta, dev);
