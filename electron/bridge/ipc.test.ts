import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type TopicMessage, topic } from "../../shared/contract/index.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { EventHub } from "./event-hub.ts";
import { connectIpc, type IpcParts } from "./ipc.ts";

interface Row {
  id: string;
  value: number;
}
type OnChange = (upsert: readonly Row[], remove: readonly string[]) => void;

const row = z.object({ id: z.string(), value: z.number() });
const batchMs = 50;
const mostOnTheWay = 32;

/** The main process's end of IPC. */
class Ipc extends EventEmitter {
  handle(): void {}
}

/** A window's page: messages lie in front of it until it takes them. */
class Page extends EventEmitter {
  readonly id = 7;
  readonly untaken: { subscription: number; message: TopicMessage }[] = [];
  sent = 0;

  isDestroyed(): boolean {
    return false;
  }

  send(_channel: string, subscription: number, message: TopicMessage): void {
    this.sent += 1;
    this.untaken.push({ subscription, message });
  }
}

const rows = new Map<string, Row>();
let change: OnChange;
let ipc: Ipc;
let page: Page;

beforeEach(() => {
  vi.useFakeTimers();
  rows.clear();
  ipc = new Ipc();
  page = new Page();
  const things = {
    snapshot: () => [...rows.values()],
    follow: (_address: unknown, onChange: OnChange) => {
      change = onChange;
      return () => undefined;
    },
  };
  const hub = new EventHub(
    { things: topic({ scope: "console", row, key: ({ id }: Row) => id }) },
    { things },
  );
  const ipcMain = ipc as unknown as IpcParts["ipcMain"];
  connectIpc({ ipcMain, dispatcher: {} as Dispatcher, hub, actor: "test", isTrusted: () => true });
});
afterEach(() => vi.useRealTimers());

function subscribe(subscription: number): void {
  ipc.emit("switchyard:subscribe", { sender: page }, subscription, "things");
}

/** Changes a row so many times, each in a message of its own. */
async function changes(count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) {
    const next = { id: "a", value };
    rows.set("a", next);
    change([next], []);
    await vi.advanceTimersByTimeAsync(batchMs);
  }
}

/** Takes everything that is there and comes meanwhile. */
async function takeAll(): Promise<TopicMessage[]> {
  const taken: TopicMessage[] = [];
  for (let next = page.untaken.shift(); next; next = page.untaken.shift()) {
    taken.push(next.message);
    ipc.emit("switchyard:taken", { sender: page });
    await vi.advanceTimersByTimeAsync(0);
  }
  return taken;
}

test("a page that takes its messages gets all of them, in order", async () => {
  subscribe(1);
  const taken: TopicMessage[] = [];
  for (let round = 0; round < 20; round += 1) {
    await changes(30);
    taken.push(...(await takeAll()));
  }
  expect(taken.map((message) => message.kind !== "closed" && message.revision)).toEqual(
    Array.from({ length: 601 }, (_, revision) => revision),
  );
});

test("a page that hangs for a while is sent no more than it may have, and then the rest", async () => {
  subscribe(1);
  await changes(200);
  expect(page.sent).toBe(mostOnTheWay);
  const taken = await takeAll();
  expect(taken).toHaveLength(201);
  expect(taken.at(-1)).toMatchObject({ kind: "delta", revision: 200, upsert: [{ value: 200 }] });
});

test("a page that hangs for long is cut off, and gets a snapshot when it subscribes again", async () => {
  subscribe(1);
  subscribe(2);
  await changes(100_000);
  expect(page.sent).toBe(mostOnTheWay + 2);
  const taken = await takeAll();
  expect(taken).toHaveLength(mostOnTheWay + 2);
  expect(taken.slice(-2)).toMatchObject([
    { kind: "closed", topic: "things" },
    { kind: "closed", topic: "things" },
  ]);
  subscribe(3);
  await vi.advanceTimersByTimeAsync(0);
  const [again] = page.untaken;
  expect(again).toMatchObject({
    subscription: 3,
    message: { kind: "snapshot", rows: [{ id: "a", value: 100_000 }] },
  });
  await changes(40);
  expect(await takeAll()).toHaveLength(41);
}, 60_000);

test("a new document begins with nothing on the way", async () => {
  subscribe(1);
  await changes(100);
  page.untaken.length = 0;
  page.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false });
  subscribe(1);
  await changes(20);
  expect(await takeAll()).toHaveLength(21);
});

test("a topic that does not exist is closed, with the reason", async () => {
  ipc.emit("switchyard:subscribe", { sender: page }, 1, "nothing");
  await vi.advanceTimersByTimeAsync(0);
  expect(await takeAll()).toMatchObject([{ kind: "closed", message: "There is no topic named nothing." }]);
});
