import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";
import { asFailure, type CallOptions, type TopicMessage } from "../../shared/contract/index.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { EventHub } from "./event-hub.ts";

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
  const subscriptions = new Subscriptions(parts.hub);
  parts.ipcMain.handle("switchyard:call", (event, name: unknown, input: unknown, options: unknown) => {
    if (!parts.isTrusted(event)) return { ok: false, failure: untrusted };
    return parts.dispatcher.call(String(name), input, readOptions(options), {
      transport: "ipc",
      actor: parts.actor,
      scope: "change",
    });
  });
  parts.ipcMain.on("switchyard:subscribe", (event, id: unknown, topic: unknown) => {
    if (parts.isTrusted(event)) subscriptions.add(event.sender, Number(id), String(topic));
  });
  parts.ipcMain.on("switchyard:unsubscribe", (event, id: unknown) => {
    if (parts.isTrusted(event)) subscriptions.remove(event.sender, Number(id));
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

class Subscriptions {
  private readonly byPage = new Map<number, Map<number, () => void>>();

  constructor(private readonly hub: EventHub) {}

  add(page: WebContents, id: number, topic: string): void {
    const held = this.pageSubscriptions(page);
    held.get(id)?.();
    const send = (message: TopicMessage) => {
      if (!page.isDestroyed()) page.send("switchyard:topic", id, message);
    };
    try {
      held.set(id, this.hub.subscribe(topic, send));
    } catch (error) {
      send({ kind: "closed", topic, message: asFailure(error).message });
    }
  }

  remove(page: WebContents, id: number): void {
    const held = this.byPage.get(page.id);
    held?.get(id)?.();
    held?.delete(id);
  }

  private pageSubscriptions(page: WebContents): Map<number, () => void> {
    const known = this.byPage.get(page.id);
    if (known) return known;
    const held = new Map<number, () => void>();
    const { id } = page;
    this.byPage.set(id, held);
    const endAll = () => {
      for (const end of held.values()) end();
      held.clear();
    };
    page.on("did-start-navigation", (details) => {
      if (details.isMainFrame && !details.isSameDocument) endAll();
    });
    page.on("render-process-gone", endAll);
    page.once("destroyed", () => {
      endAll();
      this.byPage.delete(id);
    });
    return held;
  }
}
