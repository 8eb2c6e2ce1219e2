import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

describe("the command line", () => {
  let folder: string;
  let bundle: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-cli-test-"));
    bundle = join(folder, "playground.cjs");
    const { build } = await import("esbuild");
    await build({
      entryPoints: [join(import.meta.dirname, "cli.ts")],
      outfile: bundle,
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node18",
    });
  });
  const nothingLeft = (): void => expect(readdirSync(folder)).toEqual(["playground.cjs"]);

  // Of one that is killed the guard removes the folder a moment later; the next test must not find it.
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await vi.waitFor(nothingLeft);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): ChildProcess => {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, [bundle, ...args], { stdio: "pipe", env });
    children.push(child);
    return child;
  };
  const reader = (child: ChildProcess): (() => Promise<unknown>) => {
    if (!child.stdout) throw new Error("no output");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return async () => JSON.parse((await lines.next()).value as string) as unknown;
  };
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once("exit", (code) => resolve(code)));

  it("prints one line when ready, obeys orders on stdin, and ends cleanly", async () => {
    const sizes = ["--hosts", "2", "--components", "7", "--heartbeat-seconds", "1"];
    const child = run(...sizes, "--lattice", "shop", "--calm", "--no-staging");
    const next = reader(child);
    expect(await next()).toMatchObject({
      natsUrl: expect.stringMatching(/^nats:/),
      websocketUrl: expect.stringMatching(/^ws:/),
      natsToken: expect.stringMatching(/^[\w-]{32}$/),
      lattices: [{ name: "shop", hosts: [{ version: "1.0.4" }, { version: "1.5.1" }] }],
    });
    child.stdin?.write('{"do":"add-host"}\nnonsense\n');
    expect(await next()).toMatchObject({ ok: true, host: { status: "running" } });
    expect(await next()).toMatchObject({ ok: false });
    const end = ended(child);
    child.kill("SIGINT");
    expect(await end).toBe(0);
    nothingLeft();
  });

  it("ends with its standard input when told so", async () => {
    const child = run("--hosts", "1", "--no-staging", "--end-with-stdin");
    await reader(child)();
    const end = ended(child);
    child.stdin?.end();
    expect(await end).toBe(0);
    nothingLeft();
  });

  it.each([
    ["0.1.0", 404, 404],
    ["0.2.1", 200, 404],
    ["0.3.0", 200, 200],
  ])("starts a jobs server of version %s", async (version, schedules, workers) => {
    const child = run("--hosts", "0", "--no-staging", "--systems", "forge", "--forge-version", version);
    const ready = (await reader(child)()) as { systems: { forge: { url: string; token: string } } };
    const { url, token } = ready.systems.forge;
    const headers = { authorization: `Bearer ${token}` };
    const statusOf = async (path: string) => (await fetch(`${url}${path}`, { headers })).status;
    expect(await statusOf("/queue/overview")).toBe(200);
    // Schedules came with 0.2.0, the list of workers with 0.3 (forge-jobs §2).
    expect(await statusOf("/cron")).toBe(schedules);
    expect(await statusOf("/queue/workers")).toBe(workers);
  });

  it("fails when its port is taken", async () => {
    const { startNatsServer } = await import("./kit/nats-server.ts");
    const other = await startNatsServer();
    expect(await ended(run("--port", String(other.port)))).toBe(1);
    await other.stop();
    nothingLeft();
  });

  it("says its secrets on standard output alone, and has others at the next start", async () => {
    const secretsOf = async () => {
      const child = run("--hosts", "0", "--no-staging", "--calm");
      let aside = "";
      child.stderr?.on("data", (data: Buffer) => {
        aside += String(data);
      });
      const { natsToken, systems } = (await reader(child)()) as {
        natsToken: string;
        systems: Record<string, { token?: string; valkeyPassword?: string; daemons?: { token: string }[] }>;
      };
      const secrets = Object.values(systems).flatMap(({ token, valkeyPassword, daemons = [] }) => [
        token,
        valkeyPassword,
        ...daemons.map((daemon) => daemon.token),
      ]);
      await vi.waitFor(() => expect(aside).toContain("Press Ctrl-C to end"));
      child.kill("SIGTERM");
      const told = [natsToken, ...secrets].filter((secret) => secret !== undefined);
      expect(told.filter((secret) => aside.includes(secret))).toEqual([]);
      return told;
    };
    const first = await secretsOf();
    expect(first.length).toBeGreaterThan(4);
    const second = await secretsOf();
    expect(first.filter((secret) => second.includes(secret))).toEqual([]);
  });

  it("ends with a message for a system that does not exist, and leaves nothing running", async () => {
    const child = run("--hosts", "0", "--no-staging", "--systems", "forge,foundry");
    let complaint = "";
    child.stderr?.on("data", (data: Buffer) => {
      complaint += String(data);
    });
    expect(await ended(child)).toBe(1);
    expect(complaint).toContain("no such system: foundry (known: flowfabric, forge, flux)");
    nothingLeft();
  });

  it.each([["--hosts", "many"], ["--nonsense"], ["--token", "told-to-everybody"]])(
    "refuses %s",
    async (...args) => {
      expect(await ended(run(...args))).toBe(1);
    },
  );

  it("names the versions that it knows of a jobs server when it is given another", async () => {
    const child = run("--systems", "forge", "--forge-version", "0.9.0");
    const told = new Promise((resolve) =>
      child.stderr?.once("data", (data: Buffer) => resolve(String(data))),
    );
    expect(await ended(child)).toBe(1);
    expect(await told).toContain("0.9.0 (known: 0.1.0, 0.2.0, 0.2.1, 0.3.0, 0.3.7)");
  });
});
