import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { z } from "zod";
import { type OperationName, type OutputFor, operations } from "../../shared/catalogue.ts";
import type { Secrets } from "../../shared/connections/schema.ts";
import type { Activity, CallOptions, FailureData, Guard, Reply } from "../../shared/contract/index.ts";
import { type Console, type ConsoleOptions, startConsole } from "../app/app.ts";
import { memorySecrets } from "../connections/secrets.ts";
import { lockFolder } from "../storage/data-folder.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const look = { color: "#123456", environment: "TEST" };

/** What a test says of a connection; the rest is the same for all of them. */
interface Wanted {
  name: string;
  guard: Guard;
  system: "lattice" | "forge" | "flux" | "flowfabric";
  target: object;
}

/** A whole console on a data folder of its own, and what tests ask of it; each system adds its far side. */
export abstract class UnderTest {
  readonly directory = mkdtempSync(join(tmpdir(), "switchyard-app-"));
  private begun: Console | undefined;

  /** Every call is about this connection, unless its input names another one. */
  protected constructor(private readonly connectionId: string) {}

  /** The console; throws while there is none. */
  get running(): Console {
    if (!this.begun) throw new Error("the console does not run");
    return this.begun;
  }

  /** Begins the console, again after it was ended, on the same data. */
  async restart(): Promise<void> {
    await this.begun?.close();
    this.begun = await startConsole({
      mode: "headless",
      version: "test",
      folder: lockFolder(this.directory, "headless"),
      secrets: memorySecrets(),
      tokenFile: join(this.directory, "token"),
      playground: "never",
      log: quiet,
      ...this.ownOptions(),
    });
  }

  /** Ends the console and removes its data. */
  async close(): Promise<void> {
    await this.begun?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  call<Name extends OperationName>(
    name: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Reply<OutputFor<Name>>> {
    const scoped = ofConnection(name) ? { connectionId: this.connectionId, ...input } : input;
    const context = { transport: "ipc", actor: "test", scope: "change" } as const;
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
    await vi.waitFor(async () => expect(await this.activity(id)).toMatchObject({ state }));
    return this.activity(id);
  }

  /** Waits until the far side was read for what became of the activity, and gives it. */
  async evidenced(id: string): Promise<Activity> {
    const isJudged = ({ kind }: Activity["evidence"][number]): boolean => kind !== "reply";
    await vi.waitFor(async () => expect((await this.activity(id)).evidence.some(isJudged)).toBe(true));
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

  /** What this system's console is started with beyond what is the same for all. */
  protected ownOptions(): Partial<ConsoleOptions> {
    return {};
  }

  /** Saves a connection, by default the one that calls are about. */
  protected async keep(
    wanted: Wanted & Record<string, unknown>,
    more: { connectionId?: string; secrets?: Secrets | undefined } = {},
  ): Promise<void> {
    const input = { profile: { ...look, ...wanted }, ...more };
    const reply = await this.call("connections.save", input);
    if (reply.ok) return;
    // A guard that was stricter before: the test is the person who types its name.
    const { token } = reply.failure.details ?? {};
    const confirmation = { token: String(token), phrase: wanted.name };
    const confirmed = await this.call("connections.save", input, { confirmation });
    if (!confirmed.ok) throw new Error(JSON.stringify(confirmed.failure));
  }
}

function ofConnection(name: OperationName): boolean {
  const { properties = {} } = z.toJSONSchema(operations[name].input, { io: "input", unrepresentable: "any" });
  return "connectionId" in properties;
}
