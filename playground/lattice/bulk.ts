import type { Workload } from "./sample-app.ts";

const areas = [
  "billing",
  "catalog",
  "delivery",
  "fraud",
  "gateway",
  "ledger",
  "loyalty",
  "pricing",
  "returns",
  "stock",
];
const roles = ["api", "cache", "events", "export", "import", "jobs", "notify", "query", "rules", "sync"];

function bulkWorkload(kind: "component" | "provider", index: number): Workload {
  const area = areas[index % areas.length];
  const role = roles[Math.floor(index / areas.length) % roles.length];
  const id = `${area}-${role}-${kind === "provider" ? "provider-" : ""}${String(index).padStart(4, "0")}`;
  const reference = `registry.example.test/${area}/${role}${kind === "provider" ? "-provider" : ""}:1.${index % 17}.0`;
  return {
    id,
    reference,
    count: 1 + (index % 20),
    annotations: { team: area ?? "" },
    config: [],
    volatile: true,
  };
}

/** Makes a catalogue of generated workloads, for lattices that are larger than the shop. */
export function bulkCatalogue(kind: "component" | "provider", size: number): Workload[] {
  return Array.from({ length: size }, (_, index) => bulkWorkload(kind, index));
}

/** Deals `total` entries out to hosts: no host gets one twice, and the same ones come back on several hosts. */
export function deal(catalogue: readonly Workload[], hosts: number, total: number): Workload[][] {
  return Array.from({ length: hosts }, (_, host) => {
    const share = Math.floor(total / hosts) + (host < total % hosts ? 1 : 0);
    if (share > catalogue.length) throw new Error("the catalogue is too small for so many entries");
    return Array.from({ length: share }, (_, place) => {
      return catalogue[(host * 7 + place) % catalogue.length] as Workload;
    });
  });
}
