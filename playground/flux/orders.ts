import { SimulatedDaemon } from "./daemon.ts";
import type { DaemonFault } from "./faults.ts";
import { publishNext } from "./random-activity.ts";
import type { GitStatus } from "./repository.ts";

/** What can be done to the simulated daemons (as JSON lines); `daemon` names one. */
export type FluxOrder =
  | { do: "list" }
  | { do: "stop" | "start" | "disconnect" | "sync" | "forget-jobs" | "clear-faults"; daemon: string }
  | { do: "fault"; daemon: string; fault: DaemonFault }
  /** `parseError`: of a manifest; `poisoned`: by a git note that cannot be read back. */
  | {
      do: "git";
      daemon: string;
      status: GitStatus;
      errors?: string;
      parseError?: string;
      poisoned?: boolean;
    }
  | { do: "publish"; daemon: string; image: string }
  | { do: "publish-next"; daemon: string; image: string }
  | { do: "commit"; daemon: string; message: string }
  /** A further daemon, which dials with a token that a console has made. */
  | { do: "add"; daemon: string; connect: string; token: string; like?: string; protocol?: number };

/** The simulated daemons by name; more can be added. */
export class Fleet {
  readonly daemons = new Map<string, SimulatedDaemon>();

  add(daemon: SimulatedDaemon): void {
    this.daemons.set(daemon.name, daemon);
    daemon.start();
  }

  /** Throws for a name that nobody has. */
  get(name: string): SimulatedDaemon {
    const daemon = this.daemons.get(name);
    if (daemon) return daemon;
    throw new Error(`no such daemon: ${name} (known: ${[...this.daemons.keys()].join(", ")})`);
  }

  stop(): void {
    for (const daemon of this.daemons.values()) daemon.stop();
  }
}

type Simple = Extract<
  FluxOrder,
  { do: "stop" | "start" | "disconnect" | "sync" | "forget-jobs" | "clear-faults" }
>["do"];

const simple: Record<Simple, (daemon: SimulatedDaemon) => unknown> = {
  stop: (daemon) => daemon.stop(),
  start: (daemon) => daemon.start(),
  disconnect: (daemon) => daemon.disconnect(),
  sync: (daemon) => daemon.sync(),
  "forget-jobs": (daemon) => daemon.jobs.memory.forget(),
  "clear-faults": (daemon) => daemon.faults.clear(),
};

/** Carries out an order; throws for one that it does not know. */
export async function obeyFlux(fleet: Fleet, order: FluxOrder): Promise<unknown> {
  if (Object.hasOwn(simple, order.do) && "daemon" in order) {
    await simple[order.do as Simple](fleet.get(order.daemon));
    return undefined;
  }
  switch (order.do) {
    case "list":
      return [...fleet.daemons.values()].map(summary);
    case "fault":
      fleet.get(order.daemon).faults.add(order.fault);
      return undefined;
    case "git":
      Object.assign(fleet.get(order.daemon).state.repository, {
        status: order.status,
        errors: order.errors ?? "",
        parseError: order.parseError ?? "",
        poisoned: order.poisoned ?? false,
      });
      return undefined;
    case "publish":
      fleet.get(order.daemon).state.registry.publish(order.image);
      return undefined;
    case "publish-next":
      return publishNext(fleet.get(order.daemon), order.image);
    case "commit":
      return commit(fleet.get(order.daemon), order.message);
    case "add":
      return add(fleet, order);
    default:
      throw new Error(`no such order: ${String((order as { do?: unknown }).do)}`);
  }
}

function summary({ name, state, connected, expelled }: SimulatedDaemon): unknown {
  const { protocol, version, repository, workloads } = state;
  const images = workloads.flatMap(({ containers }) => containers.map(({ running }) => running));
  return {
    name,
    protocol,
    version,
    connected,
    expelled,
    marker: repository.marker,
    head: repository.head.revision,
    images,
  };
}

function commit(daemon: SimulatedDaemon, message: string): string {
  const { revision } = daemon.state.repository.commit(message);
  void daemon.sync();
  return revision;
}

function add(
  fleet: Fleet,
  { daemon: name, connect, token, like, protocol }: FluxOrder & { do: "add" },
): unknown {
  fleet.daemons.get(name)?.stop();
  const model = like === undefined ? undefined : fleet.get(like).state;
  const added = new SimulatedDaemon({
    name,
    connect,
    token,
    redialMs: 500,
    ...(protocol !== undefined && { protocol }),
    ...(model && { workloads: structuredClone(model.workloads), registry: model.registry }),
  });
  fleet.add(added);
  return summary(added);
}
