import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { OperationName, OutputFor } from "../shared/catalogue.ts";
import type { Activity, CallOptions, FailureData, Reply } from "../shared/contract/index.ts";
import type { RotationRow } from "../shared/flowfabric/rotation-schema.ts";
import { type Console, startConsole } from "./app.ts";
import { fileSecrets } from "./connections/secrets.ts";
import { startFlowfabric } from "./playground/flowfabric/system.ts";

type System = Awaited<ReturnType<typeof startFlowfabric>>;

const secretsFile = "secrets.json";

/** A whole console beside a simulated FlowFabric server on a real Redis; the connection is called `here`. */
export class FlowfabricUnderTest {
  readonly log: string[] = [];
  private running: Console | undefined;

  private constructor(
    readonly system: System,
    readonly directory: string,
  ) {}

  static async start(): Promise<FlowfabricUnderTest> {
    const directory = mkdtempSync(join(tmpdir(), "switchyard-flowfabric-"));
    const under = new FlowfabricUnderTest(await startFlowfabric({ seed: 1, calm: true }), directory);
    await under.restart();
    return under;
  }

  /** Starts the console, again after it was ended; saved connections and rotations stay. */
  async restart(): Promise<void> {
    await this.running?.close();
    const note = (...words: unknown[]) => {
      this.log.push(
        words.map((word) => (word instanceof Error ? `${word.stack}` : JSON.stringify(word))).join(" "),
      );
    };
    this.running = await startConsole({
      mode: "headless",
      version: "test",
      directory: this.directory,
      secrets: fileSecrets(join(this.directory, secretsFile), {}),
      tokenFile: join(this.directory, "token"),
      playground: "never",
      log: { info: note, warn: note, error: note },
    });
  }

  /** Saves and opens the connection: both ways, or without one of them. */
  async connect(without?: "http" | "valkey"): Promise<void> {
    const { url, valkey, token } = this.system.reach;
    const target = {
      ...(without !== "http" && { url, authentication: { method: "bearer" } }),
      ...(without !== "valkey" && { valkey: { addresses: [valkey], cluster: false } }),
    };
    const look = { name: "Here", color: "#123456", environment: "TEST", guard: "open" };
    const profile = { ...look, openAtStart: true, system: "flowfabric", target };
    await this.output("connections.save", { profile, ...(without !== "http" && { secrets: { token } }) });
    const { status } = await this.output("connections.open");
    expect(status).toMatchObject({ state: "open" });
  }

  async close(): Promise<void> {
    await this.running?.close();
    await this.system.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  call<Name extends OperationName>(
    name: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Reply<OutputFor<Name>>> {
    if (!this.running) throw new Error("the console does not run");
    const context = { transport: "ipc", actor: "test" } as const;
    const scoped = { connectionId: "here", ...input };
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

  /** Carries out a command and waits until it has come to this state. */
  async settles(name: OperationName, input: object, state: Activity["state"]): Promise<Activity> {
    const { id } = (await this.output(name, input)) as Activity;
    await vi.waitFor(async () => expect((await this.activity(id)).state).toBe(state));
    return this.activity(id);
  }

  async rotation(): Promise<RotationRow> {
    const [row] = await this.output("flowfabric.rotations.list");
    if (!row) throw new Error("there is no rotation");
    return row;
  }

  /** The secret that waits for a retry, as only the file of secrets has it. */
  waitingSecret(): string | undefined {
    const text = readFileSync(join(this.directory, secretsFile), "utf8");
    return /"seed":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
  }

  /** Names of the files in the console's folder that hold a text, the file of secrets left out. */
  filesWith(text: string): string[] {
    return readdirSync(this.directory)
      .filter((name) => name !== secretsFile)
      .filter((name) => readFileSync(join(this.directory, name)).includes(text));
  }
}
