import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";
import type { Random } from "./random.ts";
import { shopComponents, shopProviders } from "./shop.ts";
import type { TimerGroup } from "./timers.ts";

/** What can happen by itself in a lattice. */
export interface LifeActions {
  scale(): void;
  failScale(): void;
  restartProvider(): void;
  rollOut(): void;
  changeLabel(): void;
  changeConfig(): void;
  flapHealth(): void;
  visit(): void;
}

interface Place {
  host: SimulatedHost;
  id: string;
}

const belongsToOperators = new Set(
  [...shopComponents, ...shopProviders].filter((workload) => !workload.lively).map((workload) => workload.id),
);

function nextPatch(reference: string): string {
  return reference.replace(/\.(\d+)$/, (_, patch: string) => `.${Number(patch) + 1}`);
}

/** Prepares the happenings; they keep away from what operators own, started themselves or have touched. */
export function createLifeActions(
  lattice: SimulatedLattice,
  random: Random,
  timers: TimerGroup,
): LifeActions {
  const known = new Set(
    lattice.hosts.flatMap((host) => [
      ...host.context.state.components.keys(),
      ...host.context.state.providers.keys(),
    ]),
  );
  const free = (host: SimulatedHost, id: string): boolean =>
    known.has(id) && !belongsToOperators.has(id) && !host.touched.has(id);
  const somewhere = (kind: "components" | "providers"): Place | undefined => {
    const hosts = lattice.running();
    if (hosts.length === 0) return undefined;
    const host = random.pick(hosts);
    const ids = [...host.context.state[kind].keys()].filter((id) => free(host, id));
    return ids.length === 0 ? undefined : { host, id: random.pick(ids) };
  };
  let visitor: SimulatedHost | undefined;
  let rolling = false;

  const receive = async (labels: Record<string, string>, stay: number): Promise<void> => {
    const host = await lattice.addHost({ labels });
    visitor = host;
    const guest = shopComponents.find((workload) => workload.lively);
    const body = { component_id: guest?.id, component_ref: guest?.reference, count: 2, host_id: host.id };
    await host.execute("component.scale", body);
    timers.after(stay, () => {
      visitor = undefined;
      void host.stop();
    });
  };

  const updateOne = (id: string, reference: string, hosts: SimulatedHost[]): void => {
    const [host, ...rest] = hosts;
    if (!host) {
      rolling = false;
      return;
    }
    if (free(host, id)) {
      const annotations = host.context.state.components.get(id)?.annotations ?? {};
      const body = { component_id: id, new_component_ref: reference, host_id: host.id, annotations };
      void host.execute("component.update", body);
    }
    timers.after(1500, () => updateOne(id, reference, rest));
  };

  return {
    scale() {
      const place = somewhere("components");
      const component = place?.host.context.state.components.get(place.id);
      if (!place || !component) return;
      const step = random.pick([-3, -2, -1, 1, 2, 3]);
      const count = Math.min(40, Math.max(1, component.count + step));
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
    },
    failScale() {
      const hosts = lattice.running();
      if (hosts.length === 0) return;
      const host = random.pick(hosts);
      const reference = "registry.example.test/search/experiment:missing";
      const body = {
        component_id: "search-experiment",
        component_ref: reference,
        count: 1,
        host_id: host.id,
      };
      void host.execute("component.scale", body);
    },
    restartProvider() {
      const place = somewhere("providers");
      const provider = place?.host.context.state.providers.get(place.id);
      if (!place || !provider) return;
      const { host, id } = place;
      void host.execute("provider.stop", { provider_id: id, host_id: host.id });
      const { reference, annotations } = provider;
      timers.after(random.integer(1500, 4000), () => {
        const body = { provider_id: id, provider_ref: reference, host_id: host.id, annotations };
        void host.execute("provider.start", body);
      });
    },
    rollOut() {
      const place = rolling ? undefined : somewhere("components");
      const component = place?.host.context.state.components.get(place.id);
      if (!place || !component) return;
      rolling = true;
      const hosts = lattice.running().filter((host) => host.context.state.components.has(place.id));
      updateOne(place.id, nextPatch(component.reference), hosts.slice(0, 20));
    },
    changeLabel() {
      const hosts = lattice.running().filter((host) => !host.touched.has("load"));
      if (hosts.length === 0) return;
      const host = random.pick(hosts);
      void host.execute("label.put", { key: "load", value: random.pick(["low", "normal", "high"]) });
    },
    changeConfig() {
      const hosts = lattice.running();
      if (hosts.length === 0) return;
      const body = { SAMPLE_RATE: String(random.integer(1, 100)) };
      void random.pick(hosts).execute("config.put", body, "search-tuning");
    },
    flapHealth() {
      const place = somewhere("providers");
      if (!place) return;
      const { host, id } = place;
      host.setProviderHealth(id, "unhealthy");
      timers.after(random.integer(4000, 15_000), () => {
        if (host.context.state.providers.has(id)) host.setProviderHealth(id, "healthy");
      });
    },
    visit() {
      if (visitor) return;
      const labels = { zone: "us-1", env: "production", "node-pool": "spot" };
      const stay = random.integer(40_000, 90_000);
      // Without a NATS server nobody can join: then there is no visit this time.
      void receive(labels, stay).catch(() => undefined);
    },
  };
}
