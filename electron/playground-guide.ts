import { Failure, type Handlers } from "../shared/contract/index.ts";
import type { PlaygroundState, playgroundOperations } from "../shared/playground/operations.ts";
import { type ControlOrder, control } from "./playground/control.ts";
import { systemNames } from "./playground/other-systems.ts";
import { type Playground, startPlayground } from "./playground/playground.ts";
import { type PlaygroundConnection, playgroundConnections } from "./playground-connections.ts";

/** Starts the simulated systems inside the console and lets the operator disturb them. */
export class PlaygroundGuide {
  private running: Playground | undefined;
  private starting: Promise<Playground> | undefined;

  /** Starts them (once) and answers with the connections that reach them. Throws where nats-server is missing. */
  async start(): Promise<PlaygroundConnection[]> {
    this.starting ??= startPlayground({ systems: systemNames, configBucket: true });
    this.running = await this.starting;
    return playgroundConnections(this.running);
  }

  /** Why some of the simulated systems do not run. */
  get problems(): readonly string[] {
    return this.running?.systems.problems ?? [];
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
