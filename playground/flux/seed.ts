import type { DaemonOptions } from "./daemon.ts";
import { Registry } from "./registry.ts";
import { type SimulatedWorkload, workload } from "./workload.ts";

const registryHost = "registry.example.com";

/** What a simulated daemon is, apart from where it dials. */
export type DaemonDescription = Omit<DaemonOptions, "connect" | "token">;

const tags = ["2.3.0", "2.4.0", "2.4.1", "2.4.3", "2.5.0"];

/** A registry with a few tags of each image, published over the last weeks. */
function registryOf(images: readonly string[]): Registry {
  const registry = new Registry();
  for (const image of images) {
    for (const [index, tag] of tags.entries()) {
      const age = (tags.length - index) * 4.2 * 86_400_000;
      registry.publish(`${image}:${tag}`, new Date(Date.now() - age).toISOString());
    }
  }
  return registry;
}

function shopWorkloads(): SimulatedWorkload[] {
  const image = (name: string, tag: string): string => `${registryHost}/shop/${name}:${tag}`;
  return [
    workload(
      "shop:deployment/checkout",
      { web: image("checkout", "2.4.1"), metrics: image("metrics", "2.4.1") },
      {
        policies: { automated: "true", "tag.web": "semver:~2.4" },
        replicas: 3,
        labels: { team: "payments" },
      },
    ),
    workload(
      "shop:deployment/catalogue",
      { web: image("catalogue", "2.4.3") },
      { labels: { team: "catalogue" } },
    ),
    workload(
      "shop:deployment/basket",
      { web: image("basket", "2.3.0") },
      {
        policies: {
          locked: "true",
          locked_user: "Ines Okafor <ines@example.com>",
          locked_msg: "Frozen until the audit is over",
        },
      },
    ),
    workload(
      "shop:statefulset/ledger",
      { db: image("ledger", "2.4.0") },
      {
        inGit: false,
        antecedent: "shop:helmrelease/ledger",
      },
    ),
    workload(
      "shop:cronjob/report",
      { job: image("report", "2.4.0") },
      { syncError: "unable to apply: field is immutable" },
    ),
    workload(
      "shop:deployment/search",
      { web: image("search", "2.4.1") },
      {
        messages: ["Back-off pulling image"],
        updated: 1,
      },
    ),
    workload("infra:daemonset/agent", { agent: image("agent", "2.4.3") }, { policies: { ignore: "true" } }),
  ];
}

function someWorkloads(namespace: string, names: readonly string[]): SimulatedWorkload[] {
  return names.map((name, index) =>
    workload(
      `${namespace}:deployment/${name}`,
      { web: `${registryHost}/${namespace}/${name}:${tags[index % 4]}` },
      {
        policies: index === 0 ? { automated: "true" } : {},
      },
    ),
  );
}

function described(
  name: string,
  workloads: SimulatedWorkload[],
  more: Partial<DaemonDescription> = {},
): DaemonDescription {
  const images = workloads.flatMap(({ containers }) =>
    containers.map(({ git }) => git.slice(0, git.lastIndexOf(":"))),
  );
  return { name, workloads, registry: registryOf([...new Set(images)]), ...more };
}

/** The daemons of the playground: every version of the protocol, one that is relayed, and three in trouble. */
export function playgroundDaemons(): DaemonDescription[] {
  return [
    described("shop", shopWorkloads(), { allowsNamespaces: true }),
    described("payments", someWorkloads("payments", ["gateway", "ledger", "fraud"]), { protocol: 10 }),
    described("staging", someWorkloads("staging", ["checkout", "catalogue"]), { protocol: 9 }),
    described("warehouse", someWorkloads("warehouse", ["picker", "stock"]), { protocol: 8 }),
    described("archive", someWorkloads("archive", ["indexer"]), { protocol: 7 }),
    described("heritage", someWorkloads("heritage", ["ledger", "printer"]), { protocol: 6 }),
    described("edge", someWorkloads("edge", ["proxy", "cache"]), { relayed: true }),
    described("stuck", someWorkloads("stuck", ["worker"])),
    described("flaky", someWorkloads("flaky", ["api", "worker"])),
    described("garbled", someWorkloads("garbled", ["api"])),
  ];
}
