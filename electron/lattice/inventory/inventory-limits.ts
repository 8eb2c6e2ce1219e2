/**
 * How much of a lattice is kept. Anybody who may publish there can make hosts and workloads up, so each count has an end
 * well above what a lattice of a thousand hosts needs.
 */
export const inventoryLimits = {
  hosts: 5_000,
  /** Hosts that only events name, and that have not answered a request so far. */
  unansweredHosts: 2_000,
  lostHosts: 500,
  stoppedHosts: 200,
  lostForMs: 86_400_000,
  componentsPerHost: 20_000,
  providersPerHost: 5_000,
  components: 200_000,
  providers: 50_000,
  memosPerHost: 20_000,
  links: 50_000,
};
