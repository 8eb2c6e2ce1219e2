import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

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
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): ChildProcess => {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, [bundle, ...args], { stdio: ["pipe", "pipe", "ignore"], env });
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
  const nothingLeft = (): void => expect(readdirSync(folder)).toEqual(["playground.cjs"]);

  it("prints one line when ready, obeys orders on stdin, and ends cleanly", async () => {
    const sizes = ["--hosts", "2", "--components", "7", "--heartbeat-seconds", "1"];
    const child = run(...sizes, "--lattice", "shop", "--calm", "--no-staging");
    const next = reader(child);
    expect(await next()).toMatchObject({
      natsUrl: expect.stringMatching(/^nats:/),
      websocketUrl: expect.stringMatching(/^ws:/),
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

  it("fails when its port is taken", async () => {
    const { startNatsServer } = await import("./nats-server.ts");
    const other = await startNatsServer();
    expect(await ended(run("--port", String(other.port)))).toBe(1);
    await other.stop();
    nothingLeft();
  });

  it.each([["--hosts", "many"], ["--nonsense"]])("refuses %s", async (...args) => {
    expect(await ended(run(...args))).toBe(1);
  });
});
