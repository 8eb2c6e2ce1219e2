import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { InputFor, OperationName, OutputFor } from "../shared/catalogue.ts";
import type { Activity, CallOptions, FailureData, Guard, Reply } from "../shared/contract/index.ts";
import { type Console, startConsole } from "./app.ts";
import { memorySecrets } from "./connections/secrets.ts";
import type { FluxWaits } from "./flux/command-parts.ts";
import { type DaemonOptions, SimulatedDaemon } from "./playground/flux/daemon.ts";
import { Registry } from "./playground/flux/registry.ts";
import { workload } from "./playground/flux/workload.ts";
import { freePort } from "./playground/nats-process.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const image = "registry.example.com/shop/checkout";
export const checkout = "shop:deployment/checkout";
export const legacy = "shop:deployment/legacy";
export const user = "Ines Okafor <ines@example.com>";

/** A whole console that listens for daemons; the connection is called `flux`. */
export class FluxUnderTest {
  readonly daemons: SimulatedDaemon[] = [];
  running!: Console;
  private readonly directory = mkdtempSync(join(tmpdir(), "switchyard-flux-"));

  private constructor(private readonly waits: Partial<FluxWaits>) {}

  static async start(options: { waits?: Partial<FluxWaits>; guard?: Guard } = {}): Promise<FluxUnderTest> {
    const here = new FluxUnderTest(options.waits ?? {});
    await here.begin();
    const look = { name: "Flux", color: "#123456", environment: "TEST", guard: options.guard ?? "open" };
    const target = { host: "127.0.0.1", port: await freePort() };
    await here.output("connections.save", {
      profile: { ...look, system: "flux", target, openAtStart: true },
    });
    await here.output("connections.open");
    return here;
  }

  /** Ends the console and begins it anew on the same data. */
  async restart(): Promise<void> {
    await this.running.close();
    await this.begin();
    await this.output("connections.open");
  }

  async close(): Promise<void> {
    for (const daemon of this.daemons) daemon.stop();
    await this.running.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Makes a token, and a daemon that dials with it; resolves when it is connected and has told of itself. */
  async daemon(id: string, options: Partial<DaemonOptions> = {}): Promise<SimulatedDaemon> {
    const { token } = await this.output("flux.daemons.add", { daemonId: id, name: id });
    return this.dial(id, token, options);
  }

  async dial(id: string, token: string, options: Partial<DaemonOptions> = {}): Promise<SimulatedDaemon> {
    const { url = "" } = await this.output("flux.listener.get");
    const fast = { jobMs: 20, syncMs: 20, redialMs: 50 };
    const daemon = new SimulatedDaemon({
      name: id,
      connect: url,
      token,
      ...fast,
      ...furnished(),
      ...options,
    });
    this.daemons.push(daemon);
    daemon.start();
    await this.isRead(id);
    return daemon;
  }

  async isRead(id: string): Promise<void> {
    await vi.waitFor(async () => {
      const row = (await this.output("flux.daemons.list")).find((each) => each.id === id);
      expect(row).toMatchObject({ status: "connected", factsAt: expect.any(String) });
    });
  }

  call<Name extends OperationName>(
    name: Name,
    input: object = {},
    options: CallOptions = {},
  ): Promise<Reply<OutputFor<Name>>> {
    const scoped = { connectionId: "flux", ...input } as InputFor<Name>;
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
    await vi.waitFor(async () => expect(await this.activity(id)).toMatchObject({ state }));
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

  private async begin(): Promise<void> {
    this.running = await startConsole({
      mode: "headless",
      version: "test",
      directory: this.directory,
      secrets: memorySecrets(),
      playground: "never",
      tokenFile: join(this.directory, "token"),
      fluxWaits: { jobMs: 20_000, syncMs: 20_000, askedMs: 10_000, ...this.waits },
      log: quiet,
    });
  }
}

/** A release of one image. */
export function releaseOf(tag: string, more: object = {}): object {
  const wish = { kind: "image", workloads: [checkout], image: `${image}:${tag}`, ...more };
  return { daemonId: "shop", wish, user, message: "Checkout hotfix" };
}

function furnished(): Pick<DaemonOptions, "registry" | "workloads"> {
  const registry = new Registry();
  registry.publish(`${image}:2.4.1`, "2031-01-20T10:00:00Z");
  registry.publish(`${image}:2.4.3`, "2031-02-01T08:30:00Z");
  registry.publish(`${image}:2.5.0`, "2031-02-02T08:30:00Z");
  const lock = { locked: "true", locked_user: user, locked_msg: "Frozen for the audit" };
  const workloads = [
    workload(
      checkout,
      { web: `${image}:2.4.1` },
      { policies: { automated: "true", "tag.web": "semver:~2.4" } },
    ),
    workload(legacy, { web: `${image}:2.4.1` }, { policies: lock }),
    workload("infra:daemonset/agent", { agent: "agent:1" }, { inGit: false }),
  ];
  return { registry, workloads };
}
