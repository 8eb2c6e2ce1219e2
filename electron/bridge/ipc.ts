import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";
import type { CallOptions } from "../../shared/contract/index.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { EventHub } from "./event-hub.ts";
import { PageTopics } from "./page-topics.ts";

export interface IpcParts {
  ipcMain: IpcMain;
  dispatcher: Dispatcher;
  hub: EventHub;
  actor: string;
  /** Whether the sender is the main frame of our own window. */
  isTrusted(event: IpcMainEvent | IpcMainInvokeEvent): boolean;
}

/** Connects the window to the dispatcher and the hub; subscriptions die with reload, navigation and window close. */
export function connectIpc(parts: IpcParts): void {
  const pages = new Pages(parts.hub);
  parts.ipcMain.handle("switchyard:call", (event, name: unknown, input: unknown, options: unknown) => {
    if (!parts.isTrusted(event)) return { ok: false, failure: untrusted };
    return parts.dispatcher.call(String(name), input, readOptions(options), {
      transport: "ipc",
      actor: parts.actor,
      scope: "change",
    });
  });
  parts.ipcMain.on("switchyard:subscribe", (event, id: unknown, topic: unknown) => {
    if (parts.isTrusted(event)) pages.topicsOf(event.sender).subscribe(Number(id), String(topic));
  });
  parts.ipcMain.on("switchyard:unsubscribe", (event, id: unknown) => {
    if (parts.isTrusted(event)) pages.topicsOf(event.sender).unsubscribe(Number(id));
  });
  parts.ipcMain.on("switchyard:taken", (event) => {
    if (parts.isTrusted(event)) pages.topicsOf(event.sender).acknowledge();
  });
}

const untrusted = { code: "forbidden", message: "This page may not call the console." } as const;

/** Keeps only the known options, so that a page cannot smuggle anything else to the handlers. */
function readOptions(value: unknown): CallOptions {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const options: CallOptions = {};
  if (typeof given.reason === "string" && given.reason) options.reason = given.reason.slice(0, 1_000);
  if (typeof given.batch === "string" && given.batch) options.batch = given.batch.slice(0, 100);
  const confirmation = given.confirmation as { token?: unknown; phrase?: unknown } | undefined;
  if (typeof confirmation?.token === "string") {
    options.confirmation = { token: confirmation.token };
    if (typeof confirmation.phrase === "string") options.confirmation.phrase = confirmation.phrase;
  }
  return options;
}

/** What each page follows. */
class Pages {
  private readonly byId = new Map<number, PageTopics>();

  constructor(private readonly hub: EventHub) {}

  topicsOf(page: WebContents): PageTopics {
    const known = this.byId.get(page.id);
    if (known) return known;
    const topics = new PageTopics(this.hub, page);
    const { id } = page;
    this.byId.set(id, topics);
    page.on("did-start-navigation", (details) => {
      if (details.isMainFrame && !details.isSameDocument) topics.end();
    });
    page.on("render-process-gone", () => topics.end());
    page.once("destroyed", () => {
      topics.end();
      this.byId.delete(id);
    });
    return topics;
  }
}
