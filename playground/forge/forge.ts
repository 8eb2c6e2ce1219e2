import { TimerGroup } from "../kit/timers.ts";
import { rollUp } from "./rollup.ts";
import type { ForgeVersion } from "./route.ts";
import { ForgeRuntime } from "./runtime.ts";
import { addGaugesOfPast, payloadOf, sampleBehaviours, sampleFlows, seedSampleApp } from "./seed.ts";
import { ForgeServer, type ForgeServerOptions } from "./server.ts";
import { ForgeStore } from "./store.ts";

export interface SimulatedForgeOptions extends Partial<ForgeServerOptions> {
  seed?: number;
  version?: ForgeVersion;
  /** The server alone, as `jobs-server` is: no worker, no cron, nothing moves; and nothing in it. */
  bare?: boolean;
  /** Seeded, but nothing comes in and nothing runs. */
  calm?: boolean;
}

const heartbeatMs = 10_000;
/** Some hours of the shop's jobs. */
const keptJobs = 50_000;

/** A forge-jobs installation on loopback: server, workers, coordinator, and a shop that uses them. */
export class SimulatedForge {
  readonly store: ForgeStore;
  readonly server: ForgeServer;
  readonly runtime: ForgeRuntime;
  readonly #timers = new TimerGroup();

  private constructor(options: SimulatedForgeOptions) {
    const version = options.version ?? "0.3.7";
    this.store = new ForgeStore(options.seed ?? 1);
    this.server = new ForgeServer(this.store, { ...options, version });
    this.runtime = new ForgeRuntime(this.store, sampleBehaviours, version);
  }

  /** Starts a server; seeded and active unless written otherwise. */
  static async start(options: SimulatedForgeOptions = {}): Promise<SimulatedForge> {
    const forge = new SimulatedForge(options);
    if (!options.bare) forge.#seed();
    await forge.server.start();
    if (!options.bare && !options.calm) forge.#live();
    if (options.calm) forge.#timers.every(heartbeatMs, () => forge.runtime.beat());
    return forge;
  }

  get url(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    this.#timers.close();
    this.runtime.stop();
    await this.server.kill();
  }

  #seed(): void {
    seedSampleApp(this.store);
    this.runtime.addPod("shop-a", ["default", "mailers", "media", "payments"]);
    this.runtime.addPod("shop-b", ["mailers", "reports", "warehouse"]);
    for (const host of this.runtime.gaugeWriters()) addGaugesOfPast(this.store, host);
    this.runtime.rebalance();
    this.runtime.supervise();
    rollUp(this.store, []);
  }

  #live(): void {
    this.runtime.start();
    this.#timers.every(60_000, () => this.store.keepNewest(keptJobs));
    for (const { queue, kind, rate } of sampleFlows) {
      const arrive = (): void => {
        const pause = (-Math.log(1 - this.store.random.next()) * 60_000) / rate;
        this.#timers.after(Math.min(pause, 20_000), () => {
          const job = this.store.enqueue({ queue, kind, payload: payloadOf(this.store, kind) });
          this.store.record("enqueued", job);
          arrive();
        });
      };
      arrive();
    }
  }
}
