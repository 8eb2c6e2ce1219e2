import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import { type ArchivedFile, readArchive, readFuses } from "../support/electron-package.ts";
import { freePort } from "../support/free-port.ts";
import { listeningPorts } from "../support/listening-ports.ts";
import { program, root } from "../support/paths.ts";

// The application as it is installed, from the present build: what is in it, and what it cannot be made to do.

// One package serves all of them.
test.describe.configure({ mode: "default", timeout: 240_000 });
test.skip(
  process.platform !== "linux",
  "PACKAGED APPLICATION NOT TRIED: only on Linux is it started like this",
);

let executable: string;
let work: string;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  work = mkdtempSync(join(tmpdir(), "switchyard-packaged-"));
  const folder = join(root, ".cache", "package");
  const { code, said, printed } = await run(process.execPath, [
    join(root, "scripts", "package.mjs"),
    `--as-built=${folder}`,
  ]);
  const missing = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|fetch failed|cannot be downloaded/.test(said);
  if (code !== 0 && missing) {
    const reason = `PACKAGED APPLICATION NOT TRIED: electron-builder could not get what it needs: ${said.slice(-500)}`;
    process.stderr.write(`${reason}\n`);
    test.skip(true, reason);
  }
  expect(code, said).toBe(0);
  executable = printed.trim().split("\n").at(-1) ?? "";
});

test.afterAll(() => {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
});

test.describe("the packaged application @desktop", () => {
  test("has its fuses set", () => {
    const fuses = readFuses(executable);
    expect(fuses).toMatchObject({
      RunAsNode: "off",
      EnableCookieEncryption: "on",
      EnableNodeOptionsEnvironmentVariable: "off",
      EnableNodeCliInspectArguments: "off",
      EnableEmbeddedAsarIntegrityValidation: "on",
      OnlyLoadAppFromAsar: "on",
    });
    // Old versions of Electron do not know it.
    expect(fuses.GrantFileProtocolExtraPrivileges ?? "off").toBe("off");
    expect(readFuses(program("SWITCHYARD_ELECTRON")).RunAsNode, "of an Electron as it comes").toBe("on");
  });

  test("holds what runs, each file with its hash, and nothing of its making", () => {
    const resources = join(dirname(executable), "resources");
    const notices = ["LICENSE", "THIRD-PARTY-NOTICES.txt"];
    expect(readdirSync(resources).sort()).toEqual([...notices, "app.asar", "app.asar.unpacked"]);
    const files = readArchive(join(resources, "app.asar"));
    const unexpected = files.filter(({ path }) => !expectedFiles.some((pattern) => pattern.test(path)));
    expect(unexpected.map(({ path }) => path)).toEqual([]);
    const packed = files.filter(({ content }) => content);
    expect(packed.length).toBeGreaterThan(50);
    expect(packed.filter(({ hashed }) => !hashed).map(({ path }) => path)).toEqual([]);
    const beside = files.filter(({ content }) => !content).map(({ path }) => path);
    expect(beside.every((path) => path.startsWith("/node_modules/@libsql/"))).toBe(true);
    expect(found(files, /app:\/\/switchyard/), "the search finds").toContain("/out/main.cjs");
    for (const [what, pattern] of Object.entries(unwanted)) expect(found(files, pattern), what).toEqual([]);
  });

  test("does not run as Node, nor load what NODE_OPTIONS names", async () => {
    const marker = join(work, "ran");
    const script = join(work, "foreign.cjs");
    writeFileSync(script, `require("node:fs").writeFileSync(${JSON.stringify(marker)}, ""); process.exit();`);
    const attempts = {
      ELECTRON_RUN_AS_NODE: { environment: { ELECTRON_RUN_AS_NODE: "1" }, args: [script] },
      NODE_OPTIONS: { environment: { NODE_OPTIONS: `--require=${script}` }, args: [] },
    };
    for (const [name, { environment, args }] of Object.entries(attempts)) {
      const asItComes = [...args, ...(args.length ? [] : [...sandbox, join(work, "nothing")])];
      await run(program("SWITCHYARD_ELECTRON"), asItComes, environment, 30_000);
      expect(existsSync(marker), `${name} of an Electron as it comes`).toBe(true);
      rmSync(marker);
      const { code, said } = await run(executable, [...args, ...smoke("node")], environment);
      expect(code, said).toBe(0);
      expect(existsSync(marker), name).toBe(false);
    }
  });

  test("does not start with a switch that opens it or takes protection away", async () => {
    const port = await freePort();
    const args = [`--remote-debugging-port=${port}`, `--user-data-dir=${join(work, "plain")}`];
    const plain = spawn(program("SWITCHYARD_ELECTRON"), [...sandbox, ...args, emptyApplication()], {
      stdio: "ignore",
    });
    await expect.poll(() => listeningPorts(plain.pid ?? 0), "of an Electron as it comes").toContain(port);
    await ended(plain);
    const switches = [
      `--remote-debugging-port=${port}`,
      ` -remote-debugging-port=${port}`,
      "--remote-debugging-pipe",
      `--inspect-brk=${port}`,
      "--js-flags=--expose-gc",
      "--renderer-cmd-prefix=echo",
    ];
    for (const given of switches) {
      const { code, said, ports } = await watched(executable, [...smoke("switches"), given]);
      expect(code, given).toBe(1);
      const refusals = said.split("\n").filter((line) => line.startsWith("Switchyard"));
      expect(refusals, said).toEqual([expect.stringContaining(`does not start with ${given.trim()}:`)]);
      expect(ports, given).toEqual([]);
    }
  });

  test("takes no code from beside its archive", async () => {
    const marker = join(work, "loaded");
    for (const [name, source] of [
      ["as-it-comes", dirname(program("SWITCHYARD_ELECTRON"))],
      ["packaged", dirname(executable)],
    ] as const) {
      const copy = join(work, name);
      cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
      const application = join(copy, "resources", "app");
      mkdirSync(application);
      writeFileSync(join(application, "package.json"), JSON.stringify({ name: "foreign", main: "main.js" }));
      writeFileSync(
        join(application, "main.js"),
        `require("node:fs").writeFileSync(${JSON.stringify(marker)}, ""); require("electron").app.exit(0);`,
      );
      const binary = name === "packaged" ? "switchyard" : "electron";
      await run(join(copy, binary), smoke(name), {}, 60_000);
      expect(existsSync(marker), name).toBe(name === "as-it-comes");
      rmSync(marker, { force: true });
      rmSync(copy, { recursive: true });
    }
  });

  test("listens where it was told, and nowhere after the signal that opens Node's inspector", async () => {
    const port = await freePort();
    const child = spawn(executable, [...own("listening"), "--http-port", String(port)], {
      env: environmentOf("listening"),
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(createInterface({ input: child.stdout }), "line");
    expect(listeningPorts(child.pid ?? 0)).toEqual([port]);
    // Without the inspector it is a signal like any other, by which a process ends.
    child.kill("SIGUSR1");
    const ports = await portsOf(child, once(child, "exit"));
    expect(ports.filter((each) => each !== port)).toEqual([]);
    await ended(child);
  });
});

const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

const expectedFiles = [
  /^\/package\.json$/,
  /^\/out\/(main|preload|headless|playground)\.cjs$/,
  /^\/out\/renderer\/(index\.html|icon\.svg|third-party-notices\.txt)$/,
  /^\/out\/renderer\/assets\/[\w.-]+\.(js|css|woff2?)$/,
  /^\/node_modules\/(libsql|detect-libc|@neon-rs\/load|@libsql\/[\w-]+)\/(lib\/|dist\/)?[\w.-]+\.(js|json|node)$/,
  /^\/node_modules\/(libsql|detect-libc|@neon-rs\/load|@libsql\/[\w-]+)\/LICENSE$/,
];

const unwanted: Record<string, RegExp> = {
  "a source map": /sourceMappingURL=data:/,
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/,
  "an nkey seed": /\bS[ACNOUX][A-Z2-7]{56}\b/,
  "a token of a registry or a code host": /\b(npm_|ghp_|gho_|glpat-|github_pat_)\w{20}/,
  "a key of a cloud": /\bAKIA[0-9A-Z]{16}\b/,
  "a signed token": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  "a test": /(from |require\()"(vitest|@playwright\/test)"/,
  "a path of the machine that built it": new RegExp(literal(root)),
  "a home folder": new RegExp(`${literal(homedir())}/[.\\w]`),
};

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function found(files: readonly ArchivedFile[], pattern: RegExp): string[] {
  return files
    .filter(({ content }) => content && pattern.test(content.toString("latin1")))
    .map(({ path }) => path);
}

/** Arguments with a data folder of its own. */
function own(name: string): string[] {
  return [...sandbox, `--user-data-dir=${join(work, name)}`, "--no-playground"];
}

function smoke(name: string): string[] {
  return [...own(name), "--smoke"];
}

function environmentOf(name: string): NodeJS.ProcessEnv {
  const folder = join(work, name);
  return { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
}

function emptyApplication(): string {
  const folder = join(work, "empty");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", main: "main.js" }));
  writeFileSync(join(folder, "main.js"), "setInterval(() => undefined, 1000);");
  return folder;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

interface Ended {
  code: number;
  /** All it said. */
  said: string;
  /** What it said on standard output. */
  printed: string;
}

function run(
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  timeout = 300_000,
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: work, env: { ...environmentOf("run"), ...environment }, timeout };
    const child = execFile(file, args, options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr, printed: stdout }),
    );
  });
}

/** Runs it, looking all the time on which ports it listens. */
async function watched(
  file: string,
  args: readonly string[],
): Promise<{ code: number | null; said: string; ports: number[] }> {
  const child = spawn(file, args, { env: environmentOf("run"), stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ports = await portsOf(child, once(child, "close"));
  return { code: child.exitCode, said, ports };
}

/** The ports on which a process listens, at any time until it ends. */
async function portsOf(child: ChildProcess, end: Promise<unknown>): Promise<number[]> {
  const ports = new Set<number>();
  const look = setInterval(() => {
    for (const port of listeningPorts(child.pid ?? 0)) ports.add(port);
  }, 20);
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  await end;
  clearInterval(look);
  clearTimeout(limit);
  return [...ports];
}
