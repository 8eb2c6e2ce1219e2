import type { Fault, FaultKind } from "./lattice/host/faults.ts";
import type { ProviderBehaviour } from "./lattice/host/host-context.ts";
import type { Image } from "./lattice/host/images.ts";
import type { SimulatedLattice } from "./lattice/lattice.ts";
import type { SimulatedHost } from "./lattice/lattice-host.ts";
import type { Playground } from "./playground.ts";

/** One order to a running playground; hosts are named by ID or friendly name. */
export type ControlOrder =
  | { do: "state" }
  | { do: "kill-host" | "stop-host" | "freeze-host" | "resume-host" | "inventory"; host: string }
  | {
      do: "add-host";
      lattice?: string;
      version?: string;
      labels?: Record<string, string>;
      friendlyName?: string;
    }
  | { do: "execute"; host: string; verb: string; body: object; id?: string }
  | { do: "provider-health"; host: string; provider: string; behaviour: ProviderBehaviour }
  | { do: "crash-provider"; host: string; provider: string }
  | { do: "fault"; host: string; fault: Fault }
  | { do: "clear-faults"; host?: string; kind?: FaultKind }
  | { do: "answering"; component: string; lattice?: string }
  | ({ do: "image"; reference: string } & Pick<
      Image,
      "error" | "badSignature" | "delayMilliseconds" | "hangs"
    >)
  | { do: "publish"; subject: string; text: string }
  | { do: "kill-nats" | "restart-nats" }
  | { do: "system"; system: string; order: Record<string, unknown> };

export type ControlAnswer = { ok: true; [field: string]: unknown } | { ok: false; error: string };

type Verb = ControlOrder["do"];
type Worker<V extends Verb> = (
  playground: Playground,
  order: Extract<ControlOrder, { do: V }>,
) => object | undefined | Promise<object | undefined>;

function summary({ id, friendlyName, version, status }: SimulatedHost): object {
  return { id, friendlyName, version, status };
}

function onHost(work: (host: SimulatedHost) => unknown) {
  return async (playground: Playground, order: { host: string }): Promise<object> => {
    const host = playground.host(order.host);
    await work(host);
    return { host: summary(host) };
  };
}

/** The lattice of this name; the main one without a name. */
function latticeOf({ simulated }: Playground, name: string | undefined): SimulatedLattice {
  const lattice = name === undefined ? simulated[0] : simulated.find((each) => each.name === name);
  if (!lattice) throw new Error(`no such lattice: ${name}`);
  return lattice;
}

const workers: { [V in Verb]: Worker<V> } = {
  state: ({ natsUrl, websocketUrl, lattices, nats }) => ({
    natsUrl,
    websocketUrl,
    natsRunning: nats.running,
    lattices,
  }),
  "kill-host": onHost((host) => {
    host.kill();
    return host.unsubscribed();
  }),
  "stop-host": onHost((host) => host.stop()),
  "freeze-host": onHost((host) => host.pause()),
  "resume-host": onHost((host) => host.resume()),
  inventory: (playground, { host }) => ({ inventory: playground.host(host).inventory() }),
  "add-host": async (playground, { lattice: name, version, labels, friendlyName }) => {
    const lattice = latticeOf(playground, name);
    return { host: summary(await lattice.addHost({ version, labels, friendlyName })) };
  },
  execute: async (playground, { host, verb, body, id }) => ({
    reply: await playground.host(host).execute(verb, body, id),
  }),
  "provider-health": (playground, { host, provider, behaviour }) => {
    playground.host(host).setProviderHealth(provider, behaviour);
    return undefined;
  },
  "crash-provider": (playground, { host, provider }) => {
    playground.host(host).crashProvider(provider);
    return undefined;
  },
  fault: (playground, { host, fault }) => {
    playground.host(host).faults.add(fault);
    return { faults: playground.host(host).faults.list() };
  },
  "clear-faults": (playground, { host, kind }) => {
    const hosts = host === undefined ? playground.hosts : [playground.host(host)];
    for (const each of hosts) each.faults.clear(kind);
    return undefined;
  },
  answering: (playground, { component, lattice: name }) => ({
    answering: latticeOf(playground, name).answering(component),
  }),
  image: (playground, { reference, error, badSignature, delayMilliseconds, hangs }) => {
    for (const { images } of playground.simulated)
      images.set(reference, { error, badSignature, delayMilliseconds, hangs });
    return undefined;
  },
  publish: (playground, { subject, text }) => {
    const host = playground.hosts.find((each) => each.status === "running");
    if (!host) throw new Error("no host is running that could publish");
    host.publishRaw(subject, text);
    return undefined;
  },
  "kill-nats": async ({ nats }) => {
    await nats.kill();
    return undefined;
  },
  "restart-nats": async ({ nats }) => {
    await nats.restart();
    return { natsUrl: nats.url };
  },
  system: async ({ systems }, { system: name, order }) => {
    const system = systems.running.get(name);
    if (!system) throw new Error(`no such system is running: ${name}`);
    return { answer: await system.obey(order) };
  },
};

/** Carries out one order; a mistake in it is an answer, not an exception. */
export async function control(playground: Playground, order: ControlOrder): Promise<ControlAnswer> {
  try {
    if (!Object.hasOwn(workers, order.do)) throw new Error(`no such order: ${String(order.do)}`);
    const worker = workers[order.do] as Worker<Verb>;
    return { ok: true, ...(await worker(playground, order as never)) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Carries out one line of JSON and answers with one. */
export async function controlLine(playground: Playground, line: string): Promise<string> {
  try {
    return JSON.stringify(await control(playground, JSON.parse(line) as ControlOrder));
  } catch {
    return JSON.stringify({ ok: false, error: "an order is one line of JSON" });
  }
}
