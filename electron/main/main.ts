import "../app/umask.ts";
import "../app/tls-checks.ts";
import { join } from "node:path";
import { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme } from "electron";
import { announce } from "../app/announce.ts";
import { type Console, startConsole } from "../app/app.ts";
import { readDesktopOptions } from "../app/command-line.ts";
import { startLog } from "../app/log.ts";
import { refusedSwitch } from "../app/switches.ts";
import { handleUncaughtErrors } from "../app/uncaught-errors.ts";
import { connectIpc } from "../bridge/ipc.ts";
import { keychain } from "../connections/secrets-keychain.ts";
import { isOurPage } from "../page-files.ts";
import { type DataFolder, FolderInUse, lockFolder } from "../storage/data-folder.ts";
import { keepPrivate } from "../storage/private-folder.ts";
import { allowLinkLocal } from "../upstream/addresses.ts";
import { menus } from "./desktop-menus.ts";
import { startNotifier } from "./desktop-notifier.ts";
import { cutOffNetwork, protectPages } from "./desktop-protection.ts";
import { oldElectron } from "./old-electron.ts";
import { openWindow, registerScheme, servePages, showPage } from "./window.ts";

/** The version of Electron in package.json; the bundler writes it in. */
declare const electronBuiltFor: string;

if (app.isPackaged) refuseSwitches();
const options = readDesktopOptions(process.argv);
if (options.dataDirectory) app.setPath("userData", options.dataDirectory);
registerScheme();
cutOffNetwork();

if (app.requestSingleInstanceLock()) void run();
else app.quit();

/** Before Chromium listens to anybody, which it does when this script has run. */
function refuseSwitches(): void {
  const { platform } = process;
  const refused = refusedSwitch(process.argv, { platform, isRoot: process.getuid?.() === 0 });
  if (refused === undefined) return;
  const message = `Switchyard does not start with ${refused}: it could open the console to other programs or take protection away.`;
  process.stderr.write(`${message}\n`);
  if (platform !== "linux") dialog.showErrorBox("Switchyard does not start", message);
  process.exit(1);
}

async function run(): Promise<void> {
  allowLinkLocal(options.allowLinkLocal);
  const notices = keepPrivate(app.getPath("userData"));
  const folder = await takeFolder();
  if (!folder) return;
  const log = startLog(join(app.getPath("userData"), "logs"));
  let running: Console | undefined;
  const uncaught = handleUncaughtErrors({
    log,
    notify: (text) => running?.addNotice(text),
    // An open window can say so itself, and is not taken from under the operator's hands.
    end: (line) => (running ? running.addNotice(`${line}. Start it again.`) : couldNotStart(line)),
  });
  app.on("second-instance", () => showWindow());
  app.on("window-all-closed", () => app.quit());
  await app.whenReady();
  protectPages();
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus(process.platform, app.isPackaged)));
  servePages(join(__dirname, "renderer"));
  try {
    const started = await startConsole({
      mode: "desktop",
      version: app.getVersion(),
      oldElectron: oldElectron({
        version: process.versions.electron ?? "",
        builtFor: electronBuiltFor,
        failure: process.env.SWITCHYARD_ELECTRON_FAILURE,
      }),
      folder,
      notices,
      secrets: keychain(app.getPath("userData")),
      playground: options.playground,
      waits: options.imageWaitMs === undefined ? undefined : { coldMs: options.imageWaitMs },
      tokenFile: join(app.getPath("userData"), "token"),
      log,
    });
    running = started;
    uncaught.started();
    const silence = startNotifier({ console: started, showPage: (path) => showPage(showWindow(), path) });
    closeWithApplication(started, silence);
    connectIpc({
      ipcMain,
      dispatcher: started.dispatcher,
      hub: started.hub,
      actor: process.env.USER ?? process.env.USERNAME ?? "operator",
      isTrusted: (event) => event.senderFrame?.parent === null && isOurPage(event.senderFrame.url),
    });
    if (options.httpPort !== undefined) announce(await started.listen(options.httpPort), process.stdout);
    showWindow();
    if (options.smoke) app.quit();
  } catch (error) {
    log.error("the console could not start", error);
    couldNotStart(error instanceof Error ? error.message : String(error));
  }
}

/** Electron's own lock lets one desktop application into a data folder; a console without a window may have it all the same. */
async function takeFolder(): Promise<DataFolder | undefined> {
  try {
    return lockFolder(app.getPath("userData"), "desktop");
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    await app.whenReady();
    couldNotStart(`${error.message}. End that one first, or start this one with another folder (--data).`);
    return undefined;
  }
}

function couldNotStart(message: string): void {
  // A box waits for a person; a check of a package has none.
  if (options.smoke) process.stderr.write(`Switchyard could not start: ${message}\n`);
  else dialog.showErrorBox("Switchyard could not start", message);
  app.exit(1);
}

function showWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    nativeTheme.themeSource = "system";
    return openWindow(join(__dirname, "preload.cjs"));
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return window;
}

/** Connections are drained and files closed before the process ends. */
function closeWithApplication(started: Console, silence: () => void): void {
  let closed = false;
  app.on("will-quit", (event) => {
    if (closed) return;
    event.preventDefault();
    silence();
    void started.close().finally(() => {
      closed = true;
      // A quit asked for while `will-quit` is still being told is ignored, and closing may be that quick.
      setImmediate(() => app.quit());
    });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.quit());
}
