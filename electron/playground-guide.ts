import type { ConnectionProfile } from "../shared/connections/schema.ts";
import { Failure, type Handlers } from "../shared/contract/index.ts";
import type { PlaygroundState, playgroundOperations } from "../shared/playground/operations.ts";
import { type ControlOrder, control } from "./playground/control.ts";
import { type Playground, startPlayground } from "./playground/playground.ts";

const playgroundConnectionId = "playground";

/** Starts the simulated systems inside the console and lets the operator disturb them. */
export class PlaygroundGuide {
  private running: Playground | undefined;
  private starting: Promise<Playground> | undefined;

  /** Starts them (once) and answers with the connection that reaches them. Throws where nats-server is missing. */
  async start(): Promise<ConnectionProfile> {
    this.starting ??= startPlayground({});
    this.running = await this.starting;
    return profileOf(this.running);
  }

  readonly handlers: Handlers<typeof playgroundOperations> = {
    "playground.get": async () => this.state(),
    "playground.disturb": async ({ action, hostId }) => {
      const playground = this.running;
      if (!playground)
        throw new Failure({ code: "conflict", message: "No simulated systems run in this console." });
      const answer = await control(playground, order(action, hostId ?? ""));
      if (!answer.ok)
        throw new Failure({ code: "conflict", message: `The simulation refused: ${answer.error}` });
      return this.state();
    },
  };

  async close(): Promise<void> {
    await this.starting?.then(
      (playground) => playground.stop(),
      () => undefined,
    );
    this.running = undefined;
  }

  private state(): PlaygroundState {
    const playground = this.running;
    if (!playground) return { running: false, natsRunning: false, hosts: [] };
    const hosts = playground.lattices.flatMap(({ name, hosts }) =>
      hosts.map((host) => ({ ...host, lattice: name })),
    );
    return { running: true, natsRunning: playground.nats.running, address: playground.natsUrl, hosts };
  }
}

type Action = Parameters<PlaygroundGuide["handlers"]["playground.disturb"]>[0]["action"];

function order(action: Action, host: string): ControlOrder {
  if (action === "lose-next-events")
    return { do: "fault", host, fault: { kind: "dropEvents", on: "component_scaled", count: 2 } };
  if (action === "add-host" || action === "kill-nats" || action === "restart-nats") return { do: action };
  return { do: action, host };
}

function profileOf(playground: Playground): ConnectionProfile {
  return {
    id: playgroundConnectionId,
    name: "Playground",
    color: "#7c4dff",
    environment: "PLAY",
    guard: "open",
    openAtStart: true,
    playground: true,
    system: "lattice",
    target: {
      addresses: [playground.natsUrl],
      lattice: playground.lattices[0]?.name ?? "default",
      topicPrefix: "wasmbus.ctl",
      eventPrefix: "wasmbus.evt",
      requestTimeoutMs: 2_000,
      auctionTimeoutMs: 2_000,
      heartbeatSeconds: 10,
      authentication: { method: "none" },
      tls: {},
    },
  };
}
