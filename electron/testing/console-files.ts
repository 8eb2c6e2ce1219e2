import { expect, vi } from "vitest";
import type { SimulatedHost } from "../../playground/lattice/lattice-host.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../../playground/playground.ts";
import type { Secrets } from "../../shared/connections/schema.ts";
import type { Guard } from "../../shared/contract/index.ts";
import type { ConsoleOptions } from "../app/app.ts";
import type { CommandWaits as LatticeWaits } from "../lattice/commands/command-parts.ts";
import { UnderTest } from "./console.ts";

export interface ConsoleUnderTestOptions {
  playground?: PlaygroundOptions;
  waits?: Partial<LatticeWaits>;
  /** Of the saved connection. */
  target?: Record<string, unknown>;
  secrets?: Secrets;
}

/** A whole console beside a playground, for tests of what becomes of commands; the connection is called `here`. */
export class ConsoleUnderTest extends UnderTest {
  private constructor(
    readonly playground: Playground,
    private readonly options: ConsoleUnderTestOptions,
  ) {
    super("here");
  }

  static async start(options: ConsoleUnderTestOptions = {}): Promise<ConsoleUnderTest> {
    const calm = { calm: true, staging: false, heartbeatMilliseconds: 60_000 };
    const here = new ConsoleUnderTest(await startPlayground({ ...calm, ...options.playground }), options);
    await here.restart();
    return here;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.playground.stop();
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
  async save(
    guard: Guard,
    more: object = {},
    connectionId = "here",
    natsToken = this.playground.natsToken,
  ): Promise<void> {
    const target = {
      addresses: [this.playground.natsUrl],
      requestTimeoutMs: 500,
      auctionTimeoutMs: 500,
      heartbeatSeconds: 30,
      ...(this.playground.natsToken !== undefined && { authentication: { method: "token" } }),
      ...this.options.target,
    };
    const own = natsToken === undefined ? undefined : { token: natsToken };
    const secrets = this.options.secrets ?? own;
    await this.keep({ name: "Here", guard, system: "lattice", target, ...more }, { connectionId, secrets });
  }

  /** The simulated host of this version. */
  host(version: string): SimulatedHost {
    const host = this.playground.hosts.find((each) => each.version === version);
    if (!host) throw new Error(`no host of ${version}`);
    return host;
  }

  protected override ownOptions(): Partial<ConsoleOptions> {
    return this.options.waits ? { waits: this.options.waits } : {};
  }
}
