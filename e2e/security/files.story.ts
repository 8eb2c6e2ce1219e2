import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { dataDirectory, startConsole } from "../support/console.ts";
import { built } from "../support/paths.ts";
import { type LineProcess, startProgram } from "../support/processes.ts";

const isOpen = (path: string): boolean => (lstatSync(path).mode & 0o077) !== 0;

/** Paths in and below a folder that others may read. */
function openPaths(directory: string): string[] {
  const below = readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return openPaths(path);
    return entry.isFile() && isOpen(path) ? [path] : [];
  });
  return isOpen(directory) ? [directory, ...below] : below;
}

/** Lets everybody read all that is in a folder. */
function openAll(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openAll(path);
    if (entry.isDirectory() || entry.isFile()) chmodSync(path, entry.isFile() ? 0o644 : 0o755);
  }
}

interface Headless {
  server: LineProcess;
  call(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
}

/** Starts the console without a window under a umask that keeps nothing from anybody. */
async function serve(directory: string, ...args: string[]): Promise<Headless> {
  const before = process.umask(0);
  const server = startProgram(built("headless.cjs"), ["--data", directory, "--no-playground", ...args]);
  process.umask(before);
  const { origin } = new URL(await server.line());
  const authorization = `Bearer ${readFileSync(join(directory, "token"), "utf8").trim()}`;
  return {
    server,
    call: async (path, init = {}) => {
      const headers = { authorization, "content-type": "application/json" };
      const response = await fetch(`${origin}/api${path}`, { ...init, headers });
      return { status: response.status, body: await response.json() };
    },
  };
}

const look = { name: "Jobs", color: "#112233", environment: "DEV", guard: "open", openAtStart: false };
const forge = (caFile: string) => ({ system: "forge", target: { url: "http://127.0.0.1:1", caFile } });
const saving = (caFile: string) => ({
  method: "PUT",
  body: JSON.stringify({ profile: { ...look, ...forge(caFile) } }),
});
const testing = (caFile: string) => ({ method: "POST", body: JSON.stringify({ settings: forge(caFile) }) });

test.skip(process.platform === "win32", "Windows has access lists in place of modes");

test("the desktop application keeps what Electron writes for it closed as well @desktop", async () => {
  const { directory, remove } = dataDirectory();
  try {
    for (const start of ["first", "second"]) {
      if (start === "second") openAll(directory);
      chmodSync(directory, 0o755);
      const before = process.umask(0);
      const console = await startConsole("electron", { directory, args: ["--no-playground"] });
      process.umask(before);
      try {
        const reply = await console.call("console.info", {});
        expect(JSON.stringify(reply)).toMatch(/could be entered by others on this machine \(mode 755\)/);
        expect(openPaths(directory)).toEqual([]);
      } finally {
        await console.close();
      }
    }
    expect(openPaths(directory)).toEqual([]);
  } finally {
    remove();
  }
});

test("a console that finds its folder open closes it with all that it keeps there, and says so", async ({
  browserName: _,
}, { project }) => {
  test.skip(project.name !== "chromium", "a console without a window; once is enough");
  const { directory, remove } = dataDirectory();
  try {
    const first = await serve(directory);
    await first.call("/connections/jobs", saving(join(directory, "files", "ca.pem")));
    expect(openPaths(directory)).toEqual([]);
    await first.server.stop();

    mkdirSync(join(directory, "logs"), { recursive: true });
    closeSync(openSync(join(directory, "switchyard.db.damaged-2026-01-01"), "a"));
    writeFileSync(join(directory, "secrets.json"), JSON.stringify({ version: 1, connections: {} }));
    openAll(directory);
    chmodSync(directory, 0o775);
    expect(openPaths(directory).length).toBeGreaterThan(5);

    const second = await serve(directory);
    expect(openPaths(directory)).toEqual([]);
    const info = (await second.call("/info")).body as { notices: string[] };
    const notices = info.notices.join("\n");
    expect(notices).toMatch(/could be entered by others on this machine \(mode 775\)/);
    expect(notices).toMatch(/could read what Switchyard keeps \([^)]*switchyard\.db/);
    expect(notices).toMatch(/secrets\.json could be read by others.*change these passwords/);
    expect((await second.call("/connections")).body).toMatchObject([{ profile: { id: "jobs" } }]);
    await second.server.stop();
  } finally {
    remove();
  }
});

test("over HTTP, files may be named in the folder that was chosen, and nowhere else", async ({
  browserName: _,
}, { project }) => {
  test.skip(project.name !== "chromium", "a console without a window; once is enough");
  const { directory, remove } = dataDirectory();
  const chosen = dataDirectory();
  try {
    const { server, call } = await serve(directory, "--files", chosen.directory);
    const outside = [
      "/etc/passwd",
      "/etc/no-such-file",
      join(directory, "token"),
      `${chosen.directory}/../x`,
    ];
    for (const path of [...outside, "//host/share/ca.pem"]) {
      const refused = {
        status: 403,
        body: { code: "forbidden", message: expect.stringContaining("target.caFile") },
      };
      expect(await call("/connections/x/test", testing(path))).toMatchObject(refused);
      expect(await call("/connections/x", saving(path))).toMatchObject(refused);
    }
    const inside = await call("/connections/x/test", testing(join(chosen.directory, "ca.pem")));
    expect(inside).toMatchObject({ status: 200, body: { ok: false } });
    await server.stop();
  } finally {
    chosen.remove();
    remove();
  }
});
