import type { AuctionHost } from "./auction-operations.ts";

/** Orders hosts of an auction: eligible ones first, the least loaded first, then by name. */
export function byFitness(a: AuctionHost, b: AuctionHost): number {
  if (a.eligible !== b.eligible) return a.eligible ? -1 : 1;
  const load = a.load.instances - b.load.instances || a.load.components - b.load.components;
  return load || (a.hostName < b.hostName ? -1 : 1);
}
