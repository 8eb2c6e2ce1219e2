/** What a simulated host says runs on it, as its inventory tells (wasmcloud-control §3.2). */
export interface BenchHost {
  id: string;
  inventory: {
    components: { id: string; image_ref: string; annotations: object; max_instances: number }[];
    providers: { id: string }[];
  } & Record<string, unknown>;
}

export interface LatticeEvent {
  subject: string;
  payload: Buffer;
}

const heartbeatMs = 10_000;

/**
 * An endless, valid stream of a lattice's events: of five, four `component_scaled` that are true to what runs and one
 * `health_check_passed` or `health_check_failed` that turns a provider's health; heartbeats every ten seconds a host.
 */
export class LatticeEvents {
  readonly #prefix: string;
  readonly #hosts: readonly BenchHost[];
  readonly #scaled: readonly ((head: string) => string)[];
  readonly #providers: readonly { host: string; id: string }[];
  readonly #healthy = new Map<string, boolean>();
  #number = 0;
  #scales = 0;
  #turns = 0;
  #probes = 0;
  #beats = 0;
  #beatsFrom = 0;
  #nowMs = 0;
  #nowText = "";

  constructor(lattice: string, hosts: readonly BenchHost[]) {
    this.#prefix = `wasmbus.evt.${lattice}`;
    this.#hosts = hosts;
    this.#scaled = interleave(hosts.map(scaledTexts));
    this.#providers = interleave(
      hosts.map(({ id, inventory }) =>
        inventory.providers.map((provider) => ({ host: id, id: provider.id })),
      ),
    );
  }

  /** The health that each provider was last said to have: `host/id` -> health. */
  get health(): Record<string, "healthy" | "unhealthy"> {
    return Object.fromEntries(
      [...this.#healthy].map(([key, healthy]) => [key, healthy ? "healthy" : "unhealthy"]),
    );
  }

  next(): LatticeEvent {
    this.#number += 1;
    const now = Date.now();
    if (now !== this.#nowMs) {
      this.#nowMs = now;
      this.#nowText = new Date(now).toISOString();
    }
    const beat = this.#beat(now);
    if (beat) return beat;
    return this.#number % 5 === 0 ? this.#turnHealth() : this.#scale();
  }

  /** An event that the lattice's state takes no part in; its number shows in the list of events as `probe-<number>`. */
  probe(): { number: number; event: LatticeEvent } {
    this.#probes += 1;
    this.#number += 1;
    const host = this.#hosts[this.#probes % this.#hosts.length] as BenchHost;
    const data = JSON.stringify({ config_name: `probe-${this.#probes}` });
    return { number: this.#probes, event: this.#event("config_set", host.id, data) };
  }

  #beat(now: number): LatticeEvent | undefined {
    if (this.#beatsFrom === 0) this.#beatsFrom = now;
    const due = ((now - this.#beatsFrom) / heartbeatMs) * this.#hosts.length;
    if (this.#beats >= due) return undefined;
    const host = this.#hosts[this.#beats % this.#hosts.length] as BenchHost;
    this.#beats += 1;
    return this.#event("host_heartbeat", host.id, JSON.stringify(host.inventory));
  }

  #scale(): LatticeEvent {
    const text = this.#scaled[this.#scales % this.#scaled.length] as (head: string) => string;
    this.#scales += 1;
    return this.#message("component_scaled", text(this.#head("component_scaled")));
  }

  #turnHealth(): LatticeEvent {
    const { host, id } = this.#providers[this.#turns % this.#providers.length] as {
      host: string;
      id: string;
    };
    this.#turns += 1;
    const key = `${host}/${id}`;
    const healthy = !this.#healthy.get(key);
    this.#healthy.set(key, healthy);
    const data = JSON.stringify({ host_id: host, provider_id: id });
    return this.#event(healthy ? "health_check_passed" : "health_check_failed", host, data);
  }

  #event(type: string, source: string, data: string): LatticeEvent {
    return this.#message(type, `${this.#head(type)}"source":"${source}","data":${data}}`);
  }

  /** The CloudEvent's head (wasmcloud-control §4.1), open for `source` and `data`. */
  #head(type: string): string {
    const id = this.#number.toString(16).padStart(12, "0");
    return `{"specversion":"1.0","id":"01930000-0000-0000-0000-${id}","type":"com.wasmcloud.lattice.${type}","datacontenttype":"application/json","time":"${this.#nowText}",`;
  }

  #message(type: string, text: string): LatticeEvent {
    return { subject: `${this.#prefix}.${type}`, payload: Buffer.from(text) };
  }
}

function scaledTexts({ id: host, inventory }: BenchHost): ((head: string) => string)[] {
  return inventory.components.map((component) => {
    const data = JSON.stringify({
      annotations: component.annotations,
      host_id: host,
      image_ref: component.image_ref,
      max_instances: component.max_instances,
      component_id: component.id,
    });
    const rest = `"source":"${host}","data":${data}}`;
    return (head) => head + rest;
  });
}

/** One of each list in turn, so that events go round the hosts. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
