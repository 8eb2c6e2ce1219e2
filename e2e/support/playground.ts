import { built } from "./paths.ts";
import { startProgram } from "./processes.ts";

export interface SimulatedHostSummary {
  id: string;
  friendlyName: string;
  version: string;
  status: string;
}

type Answer = { ok: boolean; error?: string } & Record<string, unknown>;

/** A playground of its own process: a real nats-server and simulated hosts. */
export interface PlaygroundProcess {
  natsUrl: string;
  websocketUrl: string;
  natsToken: string;
  /** How to reach the other systems that were asked for, by name. */
  systems: Record<string, Record<string, unknown>>;
  hosts: SimulatedHostSummary[];
  /** Carries out an order such as `{ do: "kill-host", host }`; rejects when it cannot. */
  order(order: { do: string } & Record<string, unknown>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts `npm run playground` with these options. */
export async function startPlaygroundProcess(args: readonly string[]): Promise<PlaygroundProcess> {
  // Other systems than lattices only where somebody asks for them: the last word counts.
  const playground = startProgram(built("playground.cjs"), ["--systems", "none", ...args]);
  const ready = JSON.parse(await playground.line()) as {
    natsUrl: string;
    websocketUrl: string;
    natsToken: string;
    lattices: { name: string; hosts: SimulatedHostSummary[] }[];
    systems: Record<string, Record<string, unknown>>;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    natsUrl: ready.natsUrl,
    websocketUrl: ready.websocketUrl,
    natsToken: ready.natsToken,
    systems: ready.systems,
    hosts: ready.lattices[0]?.hosts ?? [],
    order: (order) => {
      const answer = last.then(async () => {
        playground.write(JSON.stringify(order));
        const reply = JSON.parse(await playground.line()) as Answer;
        if (!reply.ok) throw new Error(`the playground refused ${order.do}: ${reply.error}`);
        return reply;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
    stop: async () => {
      await playground.stop();
    },
  };
}

/** Publishes a CloudEvent in the name of a host, as hosts do (wasmcloud-control §4.1). */
export async function publishEvent(
  playground: PlaygroundProcess,
  event: { type: string; data: unknown; id: string },
): Promise<void> {
  const envelope = {
    specversion: "1.0",
    id: event.id,
    type: `com.wasmcloud.lattice.${event.type}`,
    source: playground.hosts[0]?.id,
    datacontenttype: "application/json",
    time: new Date().toISOString(),
    data: event.data,
  };
  const subject = `wasmbus.evt.default.${event.type}`;
  await playground.order({ do: "publish", subject, text: JSON.stringify(envelope) });
}
