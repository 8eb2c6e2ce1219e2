import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { app, BrowserWindow, nativeTheme, protocol } from "electron";
import { contentSecurityPolicy, isOurPage, mediaTypes, pageFile, windowOrigin } from "../page-files.ts";

/** Must run before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the renderer's files, and nothing else, under app://switchyard/. */
export function servePages(folder: string): void {
  protocol.handle("app", async (request) => {
    const file = pageFile(folder, request.url, windowOrigin);
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    return new Response(content ?? "", {
      status: content ? 200 : 404,
      headers: {
        "Content-Type": mediaTypes[content && file ? extname(file) : ".txt"] ?? "application/octet-stream",
        "Content-Security-Policy": contentSecurityPolicy,
        "X-Content-Type-Options": "nosniff",
      },
    });
  });
}

/** Opens the console's window; it shows itself when the page can be seen. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: "Switchyard",
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#12161c" : "#f4f6f8",
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
      backgroundThrottling: false,
    },
  });
  window.once("ready-to-show", () => window.show());
  // Nobody is asked before a page leads its window to an empty one.
  window.webContents.on("did-navigate", (_event, url) => {
    if (!isOurPage(url)) void window.loadURL(`${windowOrigin}/index.html`);
  });
  void window.loadURL(`${windowOrigin}/index.html`);
  return window;
}

/** Shows a page of the application by its address, such as `/activity?open=…`; what is loaded stays loaded. */
export function showPage(window: BrowserWindow, path: string): void {
  void window.loadURL(`${windowOrigin}/index.html#${path}`);
}
