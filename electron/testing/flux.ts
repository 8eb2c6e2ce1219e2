import { expect, vi } from "vitest";
import { type DaemonOptions, SimulatedDaemon } from "../../playground/flux/daemon.ts";
import { Registry } from "../../playground/flux/registry.ts";
import { workload } from "../../playground/flux/workload.ts";
import { freePort } from "../../playground/kit/free-port.ts";
import type { Guard } from "../../shared/contract/index.ts";
import type { ConsoleOptions } from "../app/app.ts";
import type { CommandWaits as FluxWaits } from "../flux/commands/command-parts.ts";
import { UnderTest } from "./console.ts";

export const image = "registry.example.com/shop/checkout";
export const checkout = "shop:deployment/checkout";
export const legacy = "shop:deployment/legacy";
export const user = "Ines Okafor <ines@example.com>";

/** A whole console that listens for daemons; the connection is called `flux`. */
export class FluxUnderTest extends UnderTest {
  readonly daemons: SimulatedDaemon[] = [];

  private constructor(private readonly waits: Partial<FluxWaits>) {
    super("flux");
  }

  static async start(options: { waits?: Partial<FluxWaits>; guard?: Guard } = {}): Promise<FluxUnderTest> {
    const here = new FluxUnderTest(options.waits ?? {});
    await here.restart();
    const target = { host: "127.0.0.1", port: await freePort() };
    await here.keep({ name: "Flux", guard: options.guard ?? "open", system: "flux", target });
    await here.output("connections.open");
    return here;
  }

  /** Ends the console, begins it anew on the same data and opens the connection. */
  async reopen(): Promise<void> {
    await this.restart();
    await this.output("connections.open");
  }

  override async close(): Promise<void> {
    for (const daemon of this.daemons) daemon.stop();
    await super.close();
  }

  /** Makes a token, and a daemon that dials with it; resolves when it is connected and has told of itself. */
  async daemon(id: string, options: Partial<DaemonOptions> = {}): Promise<SimulatedDaemon> {
    const { token } = await this.output("flux.daemons.add", { daemonId: id, name: id });
    return this.dial(id, token, options);
  }

  async dial(id: string, token: string, options: Partial<DaemonOptions> = {}): Promise<SimulatedDaemon> {
    const { url = "" } = await this.output("flux.listener.get");
    const fast = { jobMs: 20, syncMs: 20, redialMs: 50, allowsNamespaces: true };
    const daemon = new SimulatedDaemon({
      name: id,
      connect: url,
      token,
      ...fast,
      ...seeded(),
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

  protected override ownOptions(): Partial<ConsoleOptions> {
    return { fluxWaits: { jobMs: 20_000, syncMs: 20_000, askedMs: 10_000, ...this.waits } };
  }
}

/** A release of one image. */
export function releaseOf(tag: string, more: object = {}): object {
  const release = { kind: "image", workloads: [checkout], image: `${image}:${tag}`, ...more };
  return { daemonId: "shop", release, user, message: "Checkout hotfix" };
}

function seeded(): Pick<DaemonOptions, "registry" | "workloads"> {
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
