import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  chromium,
  type ElectronApplication,
  _electron as electron,
  type Page,
} from "@playwright/test";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { CallOptions, Reply } from "../../shared/contract/index.ts";
import { httpRequest } from "./http-request.ts";
import { built, program, root } from "./paths.ts";
import { startProgram } from "./processes.ts";
import { slowDown } from "./slow-page.ts";

export type Shell = "electron" | "chromium";

/** A running console, in its own window or in a browser. */
export interface RunningConsole {
  shell: Shell;
  page: Page;
  /** Calls an operation the way the page does: over IPC in Electron, over HTTP in the browser. */
  call<Name extends OperationName>(
    name: Name,
    input: InputFor<Name>,
    options?: CallOptions,
  ): Promise<Reply<OutputFor<Name>>>;
  /** The console's own process. */
  process: ChildProcess;
  /** Only in Electron: the way into the main process. */
  application?: ElectronApplication;
  close(): Promise<void>;
  /** Ends the console's process as a power cut would, and its window or browser with it. */
  kill(): Promise<void>;
}

export interface ConsoleSettings {
  /** Folder of the databases; kept by the caller. */
  directory: string;
  args?: readonly string[];
  environment?: NodeJS.ProcessEnv;
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  /** A browser that outlives the console; without it, the console brings and closes its own. */
  browser?: () => Promise<Browser>;
}

/** A folder for one console's data, and what removes it. */
export function dataDirectory(): { directory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-e2e-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Chromium's arguments; without the background services, which have no network to talk to. */
const browserArguments = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** Starts a console and waits for its page. */
export async function startConsole(shell: Shell, settings: ConsoleSettings): Promise<RunningConsole> {
  const started = await (shell === "electron" ? inElectron(settings) : inBrowser(settings));
  await slowDown(started.page);
  return started;
}

async function inElectron(settings: ConsoleSettings): Promise<RunningConsole> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const application = await electron.launch({
    executablePath: program("SWITCHYARD_ELECTRON"),
    args: [...sandbox, root, "--data", settings.directory, ...(settings.args ?? [])],
    env: { ...(process.env as Record<string, string>), ...(settings.environment as Record<string, string>) },
    colorScheme: settings.colorScheme ?? "dark",
  });
  const page = await application.firstWindow();
  await page.waitForLoadState();
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: settings.colorScheme ?? "dark" });
  if (settings.width) {
    const { width, height = 900 } = settings;
    await application.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
  }
  return {
    shell: "electron",
    page,
    call: (name, input, options = {}) =>
      page.evaluate(
        ([operation, given, more]) =>
          (
            globalThis as unknown as { switchyard: { call(...args: unknown[]): Promise<never> } }
          ).switchyard.call(operation, given, more),
        [name, input, options] as const,
      ),
    process: application.process(),
    application,
    close: () => application.close(),
    kill: () => killed(application.process()),
  };
}

/** Starts Chromium; the caller closes it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program("SWITCHYARD_CHROMIUM"), args: browserArguments });
}

async function inBrowser(settings: ConsoleSettings): Promise<RunningConsole> {
  const args = ["--data", settings.directory, "--port", "0", ...(settings.args ?? [])];
  const server = startProgram(built("headless.cjs"), args, settings.environment);
  const link = await signInLink(await server.line(), settings.directory);
  const browser = await (settings.browser ?? startBrowser)();
  const context = await browser.newContext({
    viewport: { width: settings.width ?? 1440, height: settings.height ?? 900 },
    colorScheme: settings.colorScheme ?? "dark",
    reducedMotion: "reduce",
  });
  const closePage = () => (settings.browser ? context.close() : browser.close());
  const page = await context.newPage();
  await page.goto(link);
  // The page trades the link for a session and begins anew with it.
  await page.waitForFunction(
    () => sessionStorage.getItem("switchyard-session") && !location.hash.includes("token"),
  );
  await page.waitForLoadState();
  return {
    shell: "chromium",
    page,
    call: async (name, input, options = {}) => callOverHttp(page, name, { input, options }),
    process: server.child,
    close: async () => {
      await closePage();
      await server.stop();
    },
    kill: async () => {
      await killed(server.child);
      await closePage();
    },
  };
}

/** Has the console make a link that signs one browser in, with the token of its data folder. */
export async function signInLink(address: string, directory: string): Promise<string> {
  const token = readFileSync(join(directory, "token"), "utf8").trim();
  const response = await fetch(new URL("/api/console/sign-in-links", address), {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`no sign-in link: ${await response.text()}`);
  return ((await response.json()) as { address: string }).address;
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function callOverHttp(
  page: Page,
  name: OperationName,
  call: { input: unknown; options: CallOptions },
): Promise<never> {
  const { url, init } = httpRequest(name, call.input as Record<string, unknown>, call.options);
  return page.evaluate(
    async ([address, request]) => {
      const authorization = `Bearer ${sessionStorage.getItem("switchyard-session")}`;
      const response = await fetch(address, { ...request, headers: { ...request.headers, authorization } });
      const isFile = response.headers.has("content-disposition");
      const body = isFile ? { text: await response.text() } : await response.json();
      return (response.ok ? { ok: true, output: body } : { ok: false, failure: body }) as never;
    },
    [url, init] as const,
  );
}
