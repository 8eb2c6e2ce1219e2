import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { OperationName } from "../shared/catalogue.ts";
import type { Activity } from "../shared/contract/index.ts";
import { UnderTest } from "./under-test.ts";

/** A whole console beside real programs, which run in a folder of their own; the connection is called `here`. */
export abstract class RealUnderTest extends UnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "switchyard-real-"));
  private readonly children: ChildProcess[] = [];

  constructor() {
    super("here");
  }

  /** Starts a program with nothing in its environment but this; it is killed when the test closes. */
  protected run(path: string, words: string[], environment: Record<string, string>): ChildProcess {
    const env = { PATH: process.env.PATH, HOME: this.folder, RUST_LOG: "warn", ...environment };
    const child = spawn(path, words, { env, cwd: this.folder, stdio: "ignore" });
    this.children.push(child);
    return child;
  }

  /** Carries out a command and waits for this state; a real program takes its time. */
  async becomes(name: OperationName, input: object, state: Activity["state"]): Promise<Activity> {
    const { id } = (await this.output(name, input)) as Activity;
    const isThere = async () => expect(await this.activity(id)).toMatchObject({ state });
    await vi.waitFor(isThere, { timeout: 60_000, interval: 100 });
    return this.activity(id);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const child of this.children.reverse()) await ended(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}
