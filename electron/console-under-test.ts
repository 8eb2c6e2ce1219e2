import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { OperationName, OutputFor } from "../shared/catalogue.ts";
import type { Secrets } from "../shared/connections/schema.ts";
import type { Activity, CallOptions, FailureData, Guard, Reply } from "../shared/contract/index.ts";
import { type Console, startConsole } from "./app.ts";
import { memorySecrets } from "./connections/secrets.ts";
import type { CommandWaits } from "./lattice/command-waits.ts";
import type { SimulatedHost } from "./playground/lattice-host.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "./playground/playground.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface ConsoleUnderTestOptions {
  playground?: PlaygroundOptions;
  waits?: Partial<CommandWaits>;
  /** Of the saved connection. */
  target?: Record<string, unknown>;
  secrets?: Secrets;
}

/** A whole console beside a playground, for tests of what becomes of commands; the connection is called `here`. */
export class ConsoleUnderTest {
  private constructor(
    readonly playground: Playground,
    readonly running: Console,
    private readonly directory: string,
    private readonly saved: Pick<ConsoleUnderTestOptions, "target" | "secrets">,
  ) {}

  static async start(options: ConsoleUnderTestOptions = {}): Promise<ConsoleUnderTest> {
    const directory = mkdtempSync(join(tmpdir(), "switchyard-app-"));
    const calm = { calm: true, staging: false, heartbeatMilliseconds: 60_000 };
    const playground = await startPlayground({ ...calm, ...options.playground });
    const running = await startConsole({
      mode: "headless",
      version: "test",
      directory,
      secrets: memorySecrets(),
      tokenFile: join(directory, "token"),
      playground: "never",
      ...(options.waits && { waits: options.waits }),
      log: quiet,
    });
    return new ConsoleUnderTest(playground, running, directory, options);
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.playground.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  call<Name extends OperationName>(
    name: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Reply<OutputFor<Name>>> {
    const scoped = { connectionId: "here", ...input };
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

  /** Saves and opens the connection, and waits until every host has been read. */
  async follow(guard: Guard = "open"): Promise<void> {
    await this.save(guard);
    await this.output("connections.open");
    const count = this.playground.lattices[0]?.hosts.length ?? 0;
    await vi.waitFor(
      async () => {
        const hosts = await this.output("lattice.hosts.list");
        expect(hosts.filter((host) => host.inventoryAt)).toHaveLength(count);
      },
      { timeout: 10_000 },
    );
  }

  /** Saves the connection with this guard. */
  async save(guard: Guard, more: object = {}, connectionId = "here"): Promise<void> {
    const target = {
      addresses: [this.playground.natsUrl],
      requestTimeoutMs: 500,
      auctionTimeoutMs: 500,
      heartbeatSeconds: 30,
      ...this.saved.target,
    };
    const look = { name: "Here", color: "#123456", environment: "TEST" };
    const profile = { ...look, guard, openAtStart: true, system: "lattice", target, ...more };
    await this.output("connections.save", { connectionId, profile, secrets: this.saved.secrets });
  }

  /** The simulated host of this version. */
  host(version: string): SimulatedHost {
    const host = this.playground.hosts.find((each) => each.version === version);
    if (!host) throw new Error(`no host of ${version}`);
    return host;
  }

  async activity(id: string): Promise<Activity> {
    return (await this.output("activity.get", { activityId: id })).activity;
  }

  /** Waits until the activity has come to this state, and gives it. */
  async reaches(id: string, state: Activity["state"], timeout = 5_000): Promise<Activity> {
    await vi.waitFor(async () => expect((await this.activity(id)).state).toBe(state), { timeout });
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
