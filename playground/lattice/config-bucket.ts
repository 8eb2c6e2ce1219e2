import type { NatsConnection } from "nats";
import type { LatticeState } from "./host/lattice-state.ts";

/**
 * Keeps a lattice's configs also in the JetStream bucket where real hosts have them, so that consoles can list their
 * names (wasmcloud-control §5.9). Resolves when the bucket holds what is there now; rejects without JetStream.
 */
export async function keepConfigBucket(state: LatticeState, nats: NatsConnection): Promise<void> {
  const bucket = await nats.jetstream().views.kv(`CONFIGDATA_${state.name}`);
  // One after the other, so that the last word on a name is the last one written.
  let last: Promise<unknown> = Promise.resolve();
  state.configs.onChange = (name, config) => {
    last = last
      .then(async () => {
        if (config) await bucket.put(name, JSON.stringify(config));
        else await bucket.purge(name);
      })
      // The server may be down on purpose; the hosts' own answers do not depend on it.
      .catch(() => undefined);
  };
  for (const [name, config] of state.configs) await bucket.put(name, JSON.stringify(config));
}
