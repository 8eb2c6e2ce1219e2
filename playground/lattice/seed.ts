import { TimerGroup } from "../kit/timers.ts";
import { bulkCatalogue, deal } from "./bulk.ts";
import { archiveClaims } from "./commands/claims.ts";
import { normaliseReference } from "./commands/provider-reference.ts";
import { createPublicKey } from "./host/identity.ts";
import type { SimulatedLattice } from "./lattice.ts";
import type { SimulatedHost } from "./lattice-host.ts";
import type { Workload } from "./sample-app.ts";
import { sampleComponents, sampleConfigs, sampleLinks, sampleProviders } from "./sample-app.ts";

/** Lets a host run a component from before anybody looked: no events. */
function seedComponent(host: SimulatedHost, workload: Workload): void {
  const { id, reference, count, annotations, config } = workload;
  const { state, lattice, images } = host.context;
  const { claims } = images.find(reference);
  const code = { code: reference, serves: true, claims };
  state.components.set(id, { reference, count, annotations, configNames: config, limits: null, ...code });
  for (const name of config) state.usedConfigs.add(name);
  lattice.ensureSpec(id, reference);
  if (claims) lattice.putClaims({ kind: "component", claims });
}

/** Lets a host run a healthy provider from before anybody looked: no events. */
function seedProvider(host: SimulatedHost, workload: Workload): void {
  const { state, lattice, images, features } = host.context;
  const claims = images.find(workload.reference).claims ?? archiveClaims(workload.reference);
  for (const name of workload.config) state.usedConfigs.add(name);
  state.providers.set(workload.id, {
    reference: features.providerReferenceNormalised
      ? normaliseReference(workload.reference)
      : workload.reference,
    annotations: workload.annotations,
    claims,
    builtin: false,
    timers: new TimerGroup(),
    behaviour: "healthy",
    healthy: false,
  });
  lattice.ensureSpec(workload.id, workload.reference);
  lattice.putClaims({ kind: "provider", claims });
}

function signImages(lattice: SimulatedLattice): void {
  const issuer = createPublicKey("A", lattice.random);
  const sign = (letter: "M" | "V", workload: Workload): void => {
    if (!workload.signed) return;
    const publicKey = createPublicKey(letter, lattice.random);
    lattice.images.set(workload.reference, { claims: { publicKey, issuer, ...workload.signed } });
  };
  for (const workload of sampleComponents) sign("M", workload);
  for (const workload of sampleProviders) sign("V", workload);
}

/** Puts the shop on the given hosts: two to three copies of each part, with its configs and links. */
export function seedSampleApp(lattice: SimulatedLattice, hosts: readonly SimulatedHost[]): void {
  signImages(lattice);
  for (const [name, config] of Object.entries(sampleConfigs)) lattice.state.configs.set(name, config);
  const place = (index: number, copies: number): SimulatedHost[] => {
    const chosen = Array.from(
      { length: Math.min(copies, hosts.length) },
      (_, copy) => (index + copy * 2) % hosts.length,
    );
    return [...new Set(chosen)].map((each) => hosts[each] as SimulatedHost);
  };
  sampleComponents.forEach((workload, index) => {
    for (const host of place(index, workload.volatile ? 2 : 3)) seedComponent(host, workload);
  });
  sampleProviders.forEach((workload, index) => {
    for (const host of place(index, 2)) seedProvider(host, workload);
  });
  for (const link of sampleLinks) {
    const spec = lattice.state.specs.get(link.source_id) ?? { url: "", links: [] };
    lattice.state.putSpec(link.source_id, { ...spec, links: [...spec.links, link] });
  }
}

/** Deals a given number of generated component entries, and a tenth as many providers, out to the hosts. */
export function seedBulk(hosts: readonly SimulatedHost[], components: number): void {
  const providers = Math.round(components / 10);
  const size = (total: number): number => Math.max(10, Math.ceil((total / hosts.length) * 2));
  const componentShares = deal(bulkCatalogue("component", size(components)), hosts.length, components);
  const providerShares = deal(bulkCatalogue("provider", size(providers)), hosts.length, providers);
  hosts.forEach((host, index) => {
    for (const workload of componentShares[index] ?? []) seedComponent(host, workload);
    for (const workload of providerShares[index] ?? []) seedProvider(host, workload);
  });
}
