import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "./data-folder.ts";
import { inspectPrivateFile, inspectPrivateFolder } from "./private-files.ts";
import { keepPrivate } from "./private-folder.ts";
import { openStorage } from "./storage.ts";

const isRoot = process.getuid?.() === 0;
/** Somebody else, where this process may give files away; `nobody` on most systems. */
const other = 65_534;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-private-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, mode: number, text = "kept"): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const modeOf = (path: string): number => lstatSync(path).mode & 0o7777;

/** Does something as another user, who may do less than root. */
function asOther<T>(work: () => T): T {
  const own = process.geteuid?.() ?? 0;
  process.seteuid?.(other);
  try {
    return work();
  } finally {
    process.seteuid?.(own);
  }
}

describe.skipIf(process.platform === "win32")("a file for its owner alone", () => {
  it("is left as it is, and so is one that is not there", () => {
    expect(inspectPrivateFile(put("token", 0o600))).toBeUndefined();
    expect(inspectPrivateFile(put("read-only", 0o400))).toBeUndefined();
    expect(inspectPrivateFile(join(folder, "nothing"))).toBeUndefined();
    expect(modeOf(join(folder, "read-only"))).toBe(0o400);
  });

  it.each(["644", "660", "604", "4755", "666"])("is made of one of mode %s, which is told", (mode) => {
    const path = put("secrets.json", Number.parseInt(mode, 8));
    const found = inspectPrivateFile(path);
    expect(found).toMatchObject({ reason: "open", mended: true, path });
    expect(found?.message).toContain("could be read by others");
    expect(modeOf(path)).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe("kept");
    expect(inspectPrivateFile(path)).toBeUndefined();
  });

  it("is not looked for behind a link: what it leads to is never changed", () => {
    const elsewhere = put("elsewhere/of-others", 0o644);
    const link = join(folder, "token");
    symlinkSync(elsewhere, link);
    const found = inspectPrivateFile(link);
    expect(found).toMatchObject({ reason: "link", mended: false });
    expect(found?.message).toContain(elsewhere);
    expect(modeOf(elsewhere)).toBe(0o644);
    chmodSync(elsewhere, 0o600);
    // A private file elsewhere is somebody's own arrangement.
    expect(inspectPrivateFile(link)).toBeUndefined();
    rmSync(elsewhere);
    expect(inspectPrivateFile(link)).toBeUndefined();
  });

  it("is not made of one that has another name: that may be a file of the system", () => {
    const system = put("elsewhere/passwd", 0o644);
    const path = join(folder, "switchyard.db");
    linkSync(system, path);
    expect(inspectPrivateFile(path)).toMatchObject({ reason: "link", mended: false });
    expect(modeOf(system)).toBe(0o644);
  });

  it("is not a folder, nor a pipe, which is not opened", () => {
    mkdirSync(join(folder, "token"));
    expect(inspectPrivateFile(join(folder, "token"))).toMatchObject({ reason: "kind", mended: false });
    execFileSync("mkfifo", ["-m", "644", join(folder, "pipe")]);
    expect(inspectPrivateFile(join(folder, "pipe"))).toMatchObject({ reason: "kind", mended: false });
  });

  it.skipIf(!isRoot)("is not one of another user, as root or not (skipped: only root can make one)", () => {
    const theirs = put("theirs", 0o644);
    chownSync(theirs, other, other);
    const asRoot = inspectPrivateFile(theirs);
    expect(asRoot).toMatchObject({ reason: "foreign", mended: false });
    expect(asRoot?.message).toContain(`chown 0 ${theirs}`);
    expect(asRoot?.message).toContain("runs as root");
    expect(modeOf(theirs)).toBe(0o644);
    const ours = put("roots", 0o600);
    chmodSync(folder, 0o755);
    expect(asOther(() => inspectPrivateFile(ours))).toMatchObject({ reason: "foreign", mended: false });
    expect(asOther(() => inspectPrivateFile(theirs))).toMatchObject({ reason: "open", mended: true });
    chmodSync(folder, 0o700);
    expect(asOther(() => inspectPrivateFile(ours))).toMatchObject({ reason: "hidden", mended: false });
  });

  it("gives the command for a path of any form", () => {
    const path = put("it's here", 0o644);
    linkSync(path, join(folder, "second name"));
    const command = inspectPrivateFile(path)?.message.split("then: ")[1] ?? "";
    execFileSync("sh", ["-c", command]);
    expect(modeOf(path)).toBe(0o600);
  });

  it("lies in a folder of mode 700, which is made of a wider one", () => {
    chmodSync(folder, 0o2775);
    expect(inspectPrivateFolder(folder)).toMatchObject({ reason: "open", mended: true });
    expect(modeOf(folder)).toBe(0o700);
    expect(inspectPrivateFolder(folder)).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("the data folder", () => {
  it("is closed with everything in it, and what was open is told once", () => {
    const names = ["switchyard.db", "switchyard.db-wal", "switchyard.db-shm", "events.db", "metrics.db"];
    const more = [
      "switchyard.db.damaged-2026-01-01",
      "switchyard.lock",
      "secrets.json",
      "token",
      "logs/main.log",
    ];
    const electron = ["Local State", "Local Storage/leveldb/CURRENT", "Cache/Cache_Data/index"];
    const paths = [...names, ...more, ...electron].map((name) => put(name, 0o644));
    const folders = ["logs", "Local Storage", "Local Storage/leveldb", "Cache"].map((name) =>
      join(folder, name),
    );
    for (const path of folders) chmodSync(path, 0o755);
    chmodSync(folder, 0o775);
    const notices = keepPrivate(folder);
    for (const path of paths) expect([path, modeOf(path)]).toEqual([path, 0o600]);
    for (const path of [folder, ...folders]) expect([path, modeOf(path)]).toEqual([path, 0o700]);
    expect(notices.join("\n")).toMatch(/mode 775.*\n.*switchyard\.db/);
    expect(notices.find((notice) => notice.includes("secrets.json could be"))).toMatch(
      /change these passwords/,
    );
    expect(notices.find((notice) => notice.includes("token could be"))).toMatch(/delete the file/);
    expect(keepPrivate(folder)).toEqual([]);
  });

  it("is made where there is none, for its owner alone", () => {
    const before = process.umask(0);
    try {
      expect(keepPrivate(join(folder, "new", "data"))).toEqual([]);
    } finally {
      process.umask(before);
    }
    expect(modeOf(join(folder, "new", "data"))).toBe(0o700);
  });

  it("that was closed already holds nothing that others read, but secrets are told of all the same", () => {
    put("switchyard.db", 0o644);
    put("secrets.json", 0o640);
    expect(keepPrivate(folder)).toEqual([expect.stringMatching(/secrets\.json could be read by others/)]);
    expect(modeOf(join(folder, "switchyard.db"))).toBe(0o600);
  });

  it("has links told that stand for its files, and leaves alone those that Chromium makes", () => {
    const system = put("elsewhere/passwd", 0o644);
    rmSync(join(folder, "switchyard.db"), { force: true });
    const data = join(folder, "data");
    mkdirSync(data, { mode: 0o700 });
    symlinkSync(system, join(data, "switchyard.db"));
    symlinkSync("host-1234", join(data, "SingletonLock"));
    symlinkSync(dirname(system), join(data, "logs"));
    const notices = keepPrivate(data);
    expect(notices).toHaveLength(2);
    expect(notices.join()).toContain(system);
    expect(modeOf(system)).toBe(0o644);
  });

  it("leaves the operator's own files to the operator", () => {
    const certificate = put("files/ca.pem", 0o644);
    put("switchyard.db", 0o600);
    chmodSync(folder, 0o755);
    keepPrivate(folder);
    expect(modeOf(certificate)).toBe(0o644);
    expect(modeOf(folder)).toBe(0o700);
  });

  it.each([
    ["a folder with things of others", 0o755, "report.txt"],
    ["a folder for everybody", 0o1777, undefined],
  ])("that is %s is not closed to them", (_what, mode, name) => {
    const theirs = name === undefined ? undefined : put(name, 0o644);
    chmodSync(folder, mode);
    const notices = keepPrivate(folder);
    expect(notices).toEqual([expect.stringMatching(/folder of its own \(--data\)/)]);
    expect(modeOf(folder)).toBe(mode);
    if (theirs !== undefined) expect(modeOf(theirs)).toBe(0o644);
  });

  it("that is the home folder keeps what else is there, open or not", () => {
    const home = process.env.HOME;
    process.env.HOME = folder;
    try {
      const theirs = put("notes/diary.txt", 0o644);
      const database = put("switchyard.db", 0o644);
      for (const mode of [0o755, 0o700]) {
        chmodSync(folder, mode);
        keepPrivate(folder);
        expect(modeOf(theirs)).toBe(0o644);
        expect(modeOf(folder)).toBe(mode);
      }
      expect(modeOf(database)).toBe(0o600);
    } finally {
      process.env.HOME = home;
    }
  });

  it.skipIf(!isRoot)(
    "of another user is told to root, and theirs are left (skipped: only root can try)",
    () => {
      const theirs = put("switchyard.db", 0o644);
      const ours = put("events.db", 0o644);
      chownSync(theirs, other, other);
      chownSync(folder, other, other);
      const notices = keepPrivate(folder);
      expect(notices[0]).toMatch(/belongs to another user \(uid 65534\).*runs as root/);
      expect(notices.some((notice) => notice.includes(theirs))).toBe(true);
      expect(modeOf(theirs)).toBe(0o644);
      expect(modeOf(ours)).toBe(0o600);
      expect(statSync(folder).uid).toBe(other);
    },
  );

  it("that cannot be made stops nothing", () => {
    const file = put("file", 0o600);
    expect(keepPrivate(join(file, "data"))).toEqual([]);
  });

  it("has databases for its owner alone, whatever the umask is", () => {
    const before = process.umask(0);
    try {
      const storage = openStorage(lockFolder(folder, "headless"));
      const files = ["switchyard.db", "events.db", "metrics.db"].flatMap((name) => [
        name,
        `${name}-wal`,
        `${name}-shm`,
      ]);
      for (const name of [...files, "switchyard.lock"]) {
        const path = join(folder, name);
        if (name === "switchyard.lock" || existsSync(path))
          expect([name, modeOf(path)]).toEqual([name, 0o600]);
      }
      expect(existsSync(join(folder, "switchyard.db-wal"))).toBe(true);
      storage.close();
    } finally {
      process.umask(before);
    }
  });
});
