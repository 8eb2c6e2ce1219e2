import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { OperationName, OutputFor } from "../shared/catalogue.ts";
import type { Activity, CallOptions, FailureData, Guard, Reply } from "../shared/contract/index.ts";
import { type Console, startConsole } from "./app.ts";
import { memorySecrets } from "./connections/secrets.ts";
import { SimulatedForge, type SimulatedForgeOptions } from "./playground/forge/forge.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A whole console beside a simulated jobs server; the connection is called `jobs`. */
export class ForgeUnderTest {
  private constructor(
    readonly forge: SimulatedForge,
    readonly running: Console,
    private readonly directory: string,
  ) {}

  static async start(options: SimulatedForgeOptions & { guard?: Guard } = {}): Promise<ForgeUnderTest> {
    const directory = mkdtempSync(join(tmpdir(), "switchyard-forge-"));
    const forge = await SimulatedForge.start({ calm: true, ...options });
    const running = await startConsole({
      mode: "headless",
      version: "test",
      directory,
      tokenFile: join(directory, "token"),
      secrets: memorySecrets(),
      playground: "never",
      log: quiet,
    });
    const here = new ForgeUnderTest(forge, running, directory);
    const look = { name: "Jobs", color: "#123456", environment: "TEST", guard: options.guard ?? "open" };
    const target = { url: forge.url, requestTimeoutMs: 2_000 };
    await here.output("connections.save", { profile: { ...look, system: "forge", target } });
    await here.output("connections.open");
    return here;
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.forge.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  call<Name extends OperationName>(
    name: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Reply<OutputFor<Name>>> {
    const scoped = { connectionId: "jobs", ...input };
    const context = { transport: "ipc", actor: "test" } as const;
    return this.running.dispatcher.call(name, scoped, options, context) as Promise<Reply<OutputFor<Name>>>;
  }

  async output<Name extends OperationName>(name: Name, input: object = {}): Promise<OutputFor<Name>> {
    const reply = await this.call(name, input);
    if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
    return reply.output;
  }

  async failure(name: OperationName, input: object = {}): Promise<FailureData> {
    const reply = await this.call(name, input);
    if (reply.ok) throw new Error(`expected a failure, not ${JSON.stringify(reply.output)}`);
    return reply.failure;
  }

  async activity(id: string): Promise<Activity> {
    return (await this.output("activity.get", { activityId: id })).activity;
  }

  /** Waits until the activity has come to this state, and gives it. */
  async reaches(id: string, state: Activity["state"]): Promise<Activity> {
    await vi.waitFor(async () => expect((await this.activity(id)).state).toBe(state), { timeout: 5_000 });
    return this.activity(id);
  }

  /** Carries out a command and waits until it has come to this state. */
  async settles(name: OperationName, input: object, state: Activity["state"]): Promise<Activity> {
    const { id } = (await this.output(name, input)) as Activity;
    return this.reaches(id, state);
  }

  /** The activity that a failed command left behind. */
  async leftBehind(
    name: OperationName,
    input: object,
  ): Promise<{ failure: FailureData; activity: Activity }> {
    const failure = await this.failure(name, input);
    return { failure, activity: await this.activity(String(failure.details?.activityId)) };
  }
}
