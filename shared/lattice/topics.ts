import { topic } from "../contract/index.ts";
import { auctionReplySchema } from "./auction-operations.ts";
import {
  componentRowSchema,
  hostRowSchema,
  latticeRowSchema,
  linkRowSchema,
  providerRowSchema,
} from "./schema.ts";

/** Key of a workload on a host. */
export function workloadKey(row: { hostId: string; id: string }): string {
  return `${row.hostId}/${row.id}`;
}

export const latticeTopics = {
  "lattice.lattices": topic({ scope: "connection", row: latticeRowSchema, key: (row) => row.lattice }),
  "lattice.hosts": topic({ scope: "lattice", row: hostRowSchema, key: (row) => row.id }),
  "lattice.components": topic({ scope: "lattice", row: componentRowSchema, key: workloadKey }),
  "lattice.providers": topic({ scope: "lattice", row: providerRowSchema, key: workloadKey }),
  "lattice.auctions": topic({
    scope: "lattice",
    row: auctionReplySchema,
    key: (row) => `${row.auctionId}/${row.hostId}`,
  }),
  "lattice.links": topic({
    scope: "lattice",
    row: linkRowSchema,
    key: (row) => [row.sourceId, row.target, row.witNamespace, row.witPackage, row.name].join("|"),
  }),
};
