import type { Random } from "../kit/random.ts";
import type { TimerGroup } from "../kit/timers.ts";
import { ActivityTargets } from "./activity-targets.ts";
import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";
import { sampleComponents } from "./sample-app.ts";

/** What can happen by itself in a lattice. */
export type ActivityAction =
  | "scale"
  | "failScale"
  | "restartProvider"
  | "rollOut"
  | "changeLabel"
  | "changeConfig"
  | "flapHealth"
  | "visit";

function nextPatch(reference: string): string {
  return reference.replace(/\.(\d+)$/, (_, patch: string) => `.${Number(patch) + 1}`);
}

/** Makes things happen in a lattice, as commands to its hosts would. */
export class ActivityActions implements Record<ActivityAction, () => void> {
  readonly #targets: ActivityTargets;
  #visited = false;
  #rolling = false;

  constructor(
    private readonly lattice: SimulatedLattice,
    private readonly random: Random,
    private readonly timers: TimerGroup,
  ) {
    this.#targets = new ActivityTargets(lattice, random);
  }

  scale(): void {
    const place = this.#targets.pickWorkload("components");
    const component = place?.host.context.state.components.get(place.id);
    if (!place || !component) return;
    const count = Math.min(40, Math.max(1, component.count + this.random.pick([-3, -2, -1, 1, 2, 3])));
    const { reference, annotations, configNames, limits } = component;
    void place.host.execute("component.scale", {
      component_id: place.id,
      component_ref: reference,
      count,
      host_id: place.host.id,
      annotations,
      config: configNames,
      ...(limits ? { component_limits: limits } : {}),
    });
  }

  failScale(): void {
    const host = this.#targets.pickHost();
    const reference = "registry.example.test/search/experiment:missing";
    const body = { component_id: "search-experiment", component_ref: reference, count: 1, host_id: host?.id };
    void host?.execute("component.scale", body);
  }

  restartProvider(): void {
    const place = this.#targets.pickWorkload("providers");
    const provider = place?.host.context.state.providers.get(place.id);
    if (!place || !provider) return;
    const { host, id } = place;
    const { reference, annotations } = provider;
    void host.execute("provider.stop", { provider_id: id, host_id: host.id });
    this.timers.after(this.random.integer(1500, 4000), () => {
      const body = { provider_id: id, provider_ref: reference, host_id: host.id, annotations };
      void host.execute("provider.start", body);
    });
  }

  rollOut(): void {
    const place = this.#rolling ? undefined : this.#targets.pickWorkload("components");
    const component = place?.host.context.state.components.get(place.id);
    if (!place || !component) return;
    this.#rolling = true;
    const hosts = this.lattice.running().filter((host) => host.context.state.components.has(place.id));
    this.#updateOneByOne(place.id, nextPatch(component.reference), hosts.slice(0, 20));
  }

  changeLabel(): void {
    const host = this.#targets.pickHost((each) => !each.touched.has("load"));
    void host?.execute("label.put", { key: "load", value: this.random.pick(["low", "normal", "high"]) });
  }

  changeConfig(): void {
    const body = { SAMPLE_RATE: String(this.random.integer(1, 100)) };
    void this.#targets.pickHost()?.execute("config.put", body, "search-tuning");
  }

  flapHealth(): void {
    const place = this.#targets.pickWorkload("providers");
    if (!place) return;
    const { host, id } = place;
    host.setProviderHealth(id, "unhealthy");
    this.timers.after(this.random.integer(4000, 15_000), () => {
      if (host.context.state.providers.has(id)) host.setProviderHealth(id, "healthy");
    });
  }

  visit(): void {
    if (this.#visited) return;
    this.#visited = true;
    // Without a NATS server nobody can join: then there is no visit this time.
    void this.#receiveVisitor(this.random.integer(40_000, 90_000)).catch(() => {
      this.#visited = false;
    });
  }

  async #receiveVisitor(stay: number): Promise<void> {
    const labels = { zone: "us-1", env: "production", "node-pool": "spot" };
    const host = await this.lattice.addHost({ labels });
    const guest = sampleComponents.find((workload) => workload.volatile);
    const body = { component_id: guest?.id, component_ref: guest?.reference, count: 2, host_id: host.id };
    await host.execute("component.scale", body);
    this.timers.after(stay, () => {
      this.#visited = false;
      void this.lattice.forget(host);
    });
  }

  #updateOneByOne(id: string, reference: string, hosts: readonly SimulatedHost[]): void {
    const [host, ...rest] = hosts;
    if (!host) {
      this.#rolling = false;
      return;
    }
    if (this.#targets.isFree(host, id)) {
      const annotations = host.context.state.components.get(id)?.annotations ?? {};
      const body = { component_id: id, new_component_ref: reference, host_id: host.id, annotations };
      void host.execute("component.update", body);
    }
    this.timers.after(1500, () => this.#updateOneByOne(id, reference, rest));
  }
}
