import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real programs of one test, which run in a folder of their own; `close` ends them and removes it. */
export class RealPrograms {
  readonly folder = mkdtempSync(join(tmpdir(), "switchyard-real-"));
  private readonly children: ChildProcess[] = [];

  /** Starts a program with nothing in its environment but this. */
  run(path: string, args: string[], environment: Record<string, string> = {}): ChildProcess {
    const env = { PATH: process.env.PATH, HOME: this.folder, RUST_LOG: "warn", ...environment };
    const child = spawn(path, args, { env, cwd: this.folder, stdio: "ignore" });
    this.children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.children.reverse()) await ended(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Kills a program, if it runs, and resolves when it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}
