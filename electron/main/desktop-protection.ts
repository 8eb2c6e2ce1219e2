import { app, type Session, session, type WebContents } from "electron";
import { isOurPage } from "../page-files.ts";

/** Before the application is ready: the page has no network. What it shows comes from app://, and what it knows by IPC. */
export function cutOffNetwork(): void {
  // The content security policy knows nothing of name look-ups ahead of time, nor of WebRTC over TCP.
  app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
}

/** Denies permissions, devices, new windows, webviews, and every navigation but one of the window to our own page. */
export function protectPages(): void {
  guardSession(session.defaultSession);
  app.on("web-contents-created", (_event, contents) => guardPage(contents));
}

function guardSession(guarded: Session): void {
  guarded.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === "clipboard-sanitized-write"),
  );
  guarded.setPermissionCheckHandler((_contents, permission) => permission === "clipboard-sanitized-write");
  guarded.setDevicePermissionHandler(() => false);
  // Where nobody chooses, Electron takes the first device there is.
  guarded.on("select-hid-device", (event, _details, choose) => {
    event.preventDefault();
    choose(null);
  });
  guarded.on("select-serial-port", (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose("");
  });
  guarded.on("select-usb-device", (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
}

function guardPage(contents: WebContents): void {
  // The rest of WebRTC: without a proxy no packet leaves.
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isOurPage(event.url)) event.preventDefault();
  });
  for (const navigation of ["will-navigate", "will-redirect"] as const) {
    contents.on(navigation as "will-navigate", (event, url) => {
      if (!isOurPage(url)) event.preventDefault();
    });
  }
  contents.on("select-bluetooth-device", (event, _devices, choose) => {
    event.preventDefault();
    choose("");
  });
  // The console links to nothing outside, so there is nothing to hand to a browser either.
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}
