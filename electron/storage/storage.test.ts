import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Activity } from "../../shared/contract/activity.ts";
import { FolderInUse, lockFolder, readFolder } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import type { NewEvent } from "./event-log.ts";
import { consoleMigrations } from "./migrations/index.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

const at = "2026-11-23T12:00:00.000Z";
const now = (): number => Date.parse(at);

let directory: string;
let storage: Storage | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-storage-"));
});
afterEach(() => {
  storage?.close();
  storage = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function open(folder = directory): Storage {
  storage?.close();
  storage = openStorage(lockFolder(folder, "headless", now), now);
  return storage;
}

const activity: Activity = {
  id: "a1",
  operation: "lattice.hosts.stop",
  title: "Stop quiet-river-1022",
  state: "sent",
  message: "Sent.",
  connectionId: "local",
  actor: "ada",
  transport: "ipc",
  input: {},
  evidence: [],
  steps: [],
  startedAt: at,
  updatedAt: at,
};

const event: NewEvent = {
  connectionId: "local",
  lattice: "default",
  receivedAt: at,
  type: "host_started",
  known: true,
  severity: "good",
  entityKind: "host",
  entityId: "NHOST",
  summary: "quiet-river-1022 started",
  subject: "wasmbus.evt.default.host_started",
  raw: "{}",
};

function fill(kept: Storage): void {
  for (let number = 1; number <= 200; number += 1) {
    kept.profiles.put(`p${number}`, JSON.stringify({ name: "Local lattice", number, note: "x".repeat(200) }));
  }
  kept.activities.append(activity);
  kept.events.append(Array<NewEvent>(2_000).fill(event));
}

function expectWorking(working: Storage): void {
  working.profiles.put("new", "{}");
  expect(working.profiles.load()).toContainEqual({ id: "new", body: "{}" });
  working.activities.append({ ...activity, id: "new" });
  expect(working.activities.get("new")).toBeDefined();
  const [row] = working.events.append([event]);
  expect(working.events.search({ limit: 1 }).rows).toEqual([row]);
}

describe("openStorage", () => {
  test("keeps profiles, activities and events from one start to the next", () => {
    fill(open());
    storage?.profiles.put("p1", "changed");
    storage?.profiles.remove("p2");
    const again = open();
    expect(again.notices).toEqual([]);
    expect(again.profiles.load()).toHaveLength(199);
    expect(again.profiles.load()[0]).toEqual({ id: "p1", body: "changed" });
    expect(again.activities.unsettled()).toEqual([activity]);
    expect(again.events.append([event])[0]?.sequence).toBe(2_001);
    again.close();
    expect(readdirSync(directory).filter((name) => name.includes("damaged"))).toEqual([]);
  });

  test("makes the folder it is given", () => {
    expectWorking(open(join(directory, "deep", "down")));
    expect(storage?.notices).toEqual([]);
  });
});

/** Ways in which a file may come back broken, each done to a closed database. */
const damages: Record<string, (file: string) => void> = {
  "cut in half": (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
  "cut to a few bytes": (file) => truncateSync(file, 40),
  "overwritten at its start": (file) => overwrite(file, 0, Buffer.from("this was a database once")),
  "overwritten in its schema": (file) => overwrite(file, 100, Buffer.alloc(3_900, 0xaa)),
  "overwritten in every later page": (file) => {
    const { length } = readFileSync(file);
    overwrite(file, 4_096, Buffer.alloc(length - 4_096, 0x55));
  },
  "another program's file": (file) => writeFileSync(file, "name,colour\nlocal,green\n"),
};

function overwrite(file: string, position: number, bytes: Buffer): void {
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

describe.each(["switchyard.db", "events.db"])("damage to %s", (name) => {
  test.each(Object.keys(damages))("%s: the file is put aside, and the console works", (way) => {
    fill(open());
    storage?.close();
    storage = undefined;
    const file = join(directory, name);
    damages[way]?.(file);
    const broken = readFileSync(file);

    const fresh = open();
    const backup = `${file}.damaged-2026-11-23T12-00-00-000Z`;
    expect(fresh.notices).toEqual([
      expect.stringMatching(/^The file with .* was damaged \(.+\)\. It was kept as /),
    ]);
    expect(fresh.notices[0]).toContain(backup);
    expect(readFileSync(backup).equals(broken)).toBe(true);
    expectWorking(fresh);
    // The other file is not touched.
    if (name === "events.db") expect(fresh.activities.get("a1")).toEqual(activity);
    else expect(fresh.events.search({ limit: 3_000 }).rows).toHaveLength(2_001);

    const again = open();
    expect(again.notices).toEqual([]);
    expect(again.profiles.load()).toContainEqual({ id: "new", body: "{}" });
  });
});

test("an event log that breaks while it is open is replaced, and what comes after is kept", () => {
  const working = open();
  // More than SQLite keeps in memory, so that it must look at the file again.
  working.events.append(Array<NewEvent>(30_000).fill({ ...event, raw: "x".repeat(500) }));
  working.events.flush();
  const file = join(directory, "events.db");
  const { length } = readFileSync(file);
  overwrite(file, 0, Buffer.alloc(length, 0x55));
  const wal = readFileSync(`${file}-wal`).length;
  overwrite(`${file}-wal`, 0, Buffer.alloc(wal, 0x55));

  for (let round = 0; round < 10; round += 1) {
    working.events.search({ filter: "nothing-like-this raw:~nothing", limit: 5 });
    working.events.append(Array<NewEvent>(5_000).fill(event));
  }
  working.events.flush();
  expect(working.notices[0]).toMatch(/^The file with the event log was damaged/);
  const [row] = working.events.append([event]);
  expect(row?.sequence).toBe(80_001);
  expect(working.events.search({ limit: 1 }).rows).toEqual([row]);
  expect(working.events.counts()).toMatchObject({ waiting: 0, dropped: 0 });
});

describe("a folder that cannot be used", () => {
  test("where a file stands in its place: the console works in memory, and says so", () => {
    const file = join(directory, "taken");
    writeFileSync(file, "");
    const working = open(join(file, "data"));
    expect(working.notices).toHaveLength(4);
    for (const notice of working.notices) expect(notice).toMatch(/cannot be used .*in memory only/);
    expectWorking(working);
  });

  test("where folders stand in the place of the files", () => {
    mkdirSync(join(directory, "switchyard.db"));
    mkdirSync(join(directory, "events.db"));
    const working = open();
    expect(working.notices).toHaveLength(2);
    expectWorking(working);
  });

  test("where another console has it: a second one is told who, until the first ends", () => {
    open();
    expect(() => lockFolder(directory, "desktop")).toThrow(FolderInUse);
    expect(() => lockFolder(directory, "desktop")).toThrow(
      `in use by a console without a window (process ${process.pid}, since ${at})`,
    );
    const holder = join(directory, "switchyard.lock.json");
    if (process.platform !== "win32") expect(statSync(holder).mode & 0o777).toBe(0o600);
    writeFileSync(holder, "{");
    expect(() => lockFolder(directory, "desktop")).toThrow("in use by another Switchyard");
    expectWorking(open());
  });

  test("where another console has it: one that ended before takes nothing of it, though it is closed again", () => {
    const ended = open();
    ended.close();
    storage = openStorage(lockFolder(directory, "headless", now), now);
    ended.close();
    expect(existsSync(join(directory, "switchyard.open"))).toBe(true);
    expect(() => lockFolder(directory, "desktop")).toThrow(`process ${process.pid}`);
  });

  test("where another console has it: it can be looked at, and nothing in it changes", () => {
    const first = open();
    fill(first);
    const before = readdirSync(directory).sort();
    const second = openStorage(readFolder(directory), now);
    expect(second.notices).toEqual([expect.stringMatching(/^This console is read-only/)]);
    expect(second.profiles.load()).toHaveLength(200);
    expect(second.activities.unsettled()).toEqual([activity]);
    expect(() => second.profiles.put("new", "{}")).toThrow(/readonly/);
    expect(() => second.activities.append(activity)).toThrow();
    second.events.append([event]);
    expect(second.events.search({ limit: 5_000 }).rows).toHaveLength(1);
    second.close();
    expect(readdirSync(directory).sort()).toEqual(before);
    expectWorking(first);
  });
});

describe("damage that no header shows and no start reads", () => {
  const notice = /switchyard\.db is damaged \(.+\)\. What can be read is still shown/;
  const mark = () => join(directory, "switchyard.open");
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => vi.useRealTimers());

  function damageTheMiddle(): void {
    const kept = open();
    for (let number = 0; number < 300; number += 1)
      kept.activities.append({
        ...activity,
        id: `m${number}`,
        state: "verified",
        message: "x".repeat(1_000),
      });
    kept.close();
    storage = undefined;
    const file = join(directory, "switchyard.db");
    const page = Math.floor(readFileSync(file).indexOf('"id":"m150"') / 4_096) * 4_096;
    overwrite(file, page, Buffer.alloc(4_096, 0x55));
  }

  test("is looked for after an unclean end, told, and put aside by the next start", async () => {
    damageTheMiddle();
    writeFileSync(mark(), "");
    const checked = open();
    expect(checked.notices).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(checked.notices).toEqual([expect.stringMatching(notice)]));
    expect(checked.activities.get("m299")).toBeDefined();
    const next = open();
    expect(next.notices).toEqual([
      expect.stringMatching(/^The file with connections and activities was damaged/),
    ]);
    expectWorking(next);
    expect(open().notices).toEqual([]);
  });

  test("is looked for by the next start, where the console ended before it came to that", async () => {
    damageTheMiddle();
    writeFileSync(mark(), "");
    open();
    expect(open().notices).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(storage?.notices).toEqual([expect.stringMatching(notice)]));
  });

  test("is told when the console meets it, and put aside by the next start", () => {
    damageTheMiddle();
    const working = open();
    const all = { limit: 1_000 };
    expect(() => working.activities.list(all)).toThrow();
    expect(() => working.activities.list(all)).toThrow();
    expect(working.notices).toEqual([expect.stringMatching(notice)]);
    const next = open();
    expect(next.notices).toEqual([
      expect.stringMatching(/^The file with connections and activities was damaged/),
    ]);
    expectWorking(next);
    expect(open().notices).toEqual([]);
  });

  test("costs nothing after a clean end, and the mark of an open folder goes with it", async () => {
    damageTheMiddle();
    expect(existsSync(mark())).toBe(false);
    expect(open().notices).toEqual([]);
    expect(existsSync(mark())).toBe(true);
    // One writes events, one removes old activities; none waits to check files.
    expect(vi.getTimerCount()).toBe(2);
  });
});

test("the file of a newer version is not touched, and the console works beside it", () => {
  const file = join(directory, "switchyard.db");
  const later = { name: "later", sql: "CREATE TABLE later (id INTEGER);" };
  openDatabase(file, { migrations: [...consoleMigrations, later], durable: true }).close();
  const bytes = readFileSync(file);
  const working = open();
  const known = consoleMigrations.length;
  expect(working.notices).toEqual([
    expect.stringContaining(`newer Switchyard (schema ${known + 1}; this one knows ${known})`),
  ]);
  expectWorking(working);
  working.close();
  storage = undefined;
  expect(readFileSync(file).equals(bytes)).toBe(true);
});
