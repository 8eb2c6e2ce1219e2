import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { app, BrowserWindow, Menu, nativeTheme, protocol, session, shell } from "electron";
import { contentSecurityPolicy, mediaTypes, pageFile } from "./page-files.ts";

const origin = "app://switchyard";

/** Must run before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the renderer's files, and nothing else, under app://switchyard/. */
export function servePages(folder: string): void {
  protocol.handle("app", async (request) => {
    const file = pageFile(folder, request.url, origin);
    if (file === undefined) return new Response("", { status: 404 });
    try {
      return new Response(await readFile(file), {
        headers: {
          "Content-Type": mediaTypes[extname(file)] ?? "application/octet-stream",
          "Content-Security-Policy": contentSecurityPolicy,
          "X-Content-Type-Options": "nosniff",
        },
      });
    } catch {
      return new Response("", { status: 404 });
    }
  });
}

/** Denies permissions, new windows, webviews and every navigation away from our own page. */
export function guardContents(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === "clipboard-sanitized-write"),
  );
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === "clipboard-sanitized-write",
  );
  app.on("web-contents-created", (_event, contents) => {
    contents.on("will-attach-webview", (event) => event.preventDefault());
    for (const navigation of ["will-navigate", "will-redirect"] as const) {
      contents.on(navigation as "will-navigate", (event, url) => {
        if (!isOurPage(url)) event.preventDefault();
      });
    }
    contents.setWindowOpenHandler(({ url }) => {
      if (url.startsWith("https://")) void shell.openExternal(url);
      return { action: "deny" };
    });
  });
}

/** Whether an address is a page of this application. */
export function isOurPage(url: string): boolean {
  return url === origin || url.startsWith(`${origin}/`);
}

/** The menus of the window; Electron's own lead to pages of Electron, and to its tools also where nobody develops. */
export function setMenus(): void {
  const menus: Electron.MenuItemConstructorOptions[] = [
    { role: process.platform === "darwin" ? "appMenu" : "fileMenu" },
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        { role: "reload" },
        ...(app.isPackaged ? [] : [{ role: "toggleDevTools" } as const]),
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus));
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
      backgroundThrottling: false,
    },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${origin}/index.html`);
  return window;
}

/** Shows a page of the application by its address, such as `/activity?open=…`; what is loaded stays loaded. */
export function showPage(window: BrowserWindow, path: string): void {
  void window.loadURL(`${origin}/index.html#${path}`);
}
