import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockFolder } from "./data-folder.ts";
import type { NewEvent } from "./event-log.ts";
import { openStorage } from "./storage.ts";
import type { Storage } from "./stores.ts";

const at = "2026-11-23T12:00:00.000Z";
const now = (): number => Date.parse(at);

/** A small file system of its own, which only root can make. */
function mount(directory: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", directory], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const mountable = ((): boolean => {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-mount-"));
  const mounted = mount(directory);
  if (mounted) execFileSync("umount", [directory]);
  rmSync(directory, { recursive: true });
  return mounted;
})();
if (!mountable)
  process.stderr.write("SKIPPED: what a full disk does, because no tmpfs can be mounted here\n");

let directory: string;
let storage: Storage;
beforeEach(() => {
  if (!mountable) return;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  directory = mkdtempSync(join(tmpdir(), "switchyard-full-"));
  mount(directory);
  open();
});
afterEach(() => {
  if (!mountable) return;
  storage.close();
  vi.useRealTimers();
  // Prepared statements keep closed files in use for a while.
  execFileSync("umount", ["-l", directory]);
  rmSync(directory, { recursive: true });
});

function open(): void {
  storage = openStorage(lockFolder(directory, "headless", now), now);
}

function fill(): void {
  const file = openSync(join(directory, "ballast"), "w");
  try {
    for (let size = 1_048_576; size >= 1; size = Math.floor(size / 2))
      writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) if (writeSync(file, bytes) < bytes.length) return;
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  }
}

const makeRoom = () => unlinkSync(join(directory, "ballast"));

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

const fluxEvent = {
  connectionId: "flux",
  daemonId: "shop",
  receivedAt: at,
  type: "sync",
  severity: "good" as const,
  summary: "synced",
  workloads: [],
  revisions: [],
  errors: [],
};

const fluxText = "x".repeat(200_000);
const eventsFound = () => storage.events.search({ limit: 20_000 }).rows.length;
const fluxEventsFound = () => storage.fluxEvents.list({ connectionId: "flux", limit: 1_000 }).length;
const figuresFound = () =>
  storage.metrics.read({ connectionId: "jobs", from: 0, to: now() / 1_000 + 60, stepSeconds: 60 }).length;

/** More than what is left in pages that SQLite has already. */
function work(): void {
  storage.events.append(Array<NewEvent>(5_000).fill(event));
  for (let count = 0; count < 10; count += 1) storage.fluxEvents.append(fluxEvent, fluxText);
}

function record(): void {
  const many = Array.from({ length: 2_000 }, (_, queue) => ({
    family: "depth",
    subject: `queue ${queue}`,
    value: 1,
  }));
  storage.metrics.append("jobs", many);
}

describe.skipIf(!mountable)("a full disk", () => {
  test("leaves all that was kept readable, is told once, and is over when there is room", async () => {
    storage.profiles.put("local", "{}");
    storage.events.append([event]);
    storage.events.flush();
    fill();
    for (let step = 0; step < 3; step += 1) {
      work();
      expect(record).toThrow(/full/);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(storage.notices).toEqual([
      expect.stringMatching(
        /^(?=.*the event log)(?=.*recorded figures)(?=.*events of Flux daemons).* cannot be written .*full.*can still be read/i,
      ),
    ]);
    expect(storage.profiles.load()).toEqual([{ id: "local", body: "{}" }]);
    expect(eventsFound()).toBe(15_001);
    expect(fluxEventsFound()).toBe(30);

    makeRoom();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(storage.notices).toEqual([
      expect.stringMatching(/could be written again; 6000 had to be dropped since the console started/),
    ]);
    expect(storage.events.counts()).toMatchObject({ waiting: 0, dropped: 0 });
    record();
    expect(figuresFound()).toBe(2_000);
    storage.close();
    open();
    expect([eventsFound(), fluxEventsFound()]).toEqual([15_001, 30]);
    expect(storage.notices).toEqual([]);
  });

  test("is no reason to start without what was kept", async () => {
    storage.profiles.put("local", "{}");
    storage.events.append([event]);
    storage.close();
    fill();
    open();
    expect(storage.notices).toEqual([]);
    expect(storage.profiles.load()).toEqual([{ id: "local", body: "{}" }]);
    expect(eventsFound()).toBe(1);
    work();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(storage.notices).toEqual([expect.stringContaining("cannot be written")]);

    makeRoom();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(storage.notices).toEqual([expect.stringContaining("could be written again")]);
    storage.profiles.put("later", "{}");
    expect(storage.profiles.load()).toHaveLength(2);
  });

  test("lets the console end, and the next one begin with what could be written", async () => {
    storage.events.append([event]);
    storage.events.flush();
    fill();
    work();
    storage.close();
    makeRoom();
    open();
    expect(storage.notices).toEqual([]);
    expect(eventsFound()).toBe(1);
  });
});
