import { type ControlOrder, control } from "../../playground/control.ts";
import { type Playground, startPlayground } from "../../playground/playground.ts";
import { type OtherSystems, startOtherSystems, systemNames } from "../../playground/systems.ts";
import { Failure, type Handlers } from "../../shared/contract/index.ts";
import type { PlaygroundState, playgroundOperations } from "../../shared/playground/operations.ts";
import { latticeConnection, type PlaygroundConnection, systemConnections } from "./playground-connections.ts";

/** Whom the guide tells of what it has started. */
export interface PlaygroundEvents {
  onConnection(connection: PlaygroundConnection): void;
  /** One sentence on what could not be started. */
  onProblem(problem: string): void;
}

/** Starts the simulated systems inside the console and lets the operator disturb them. */
export class PlaygroundController {
  private running: Playground | undefined;
  private starting: Promise<Playground> | undefined;
  private others: Promise<OtherSystems> | undefined;
  private closed = false;

  /** Starts them; the lattice is told as soon as it lives, whatever the others take. Rejects where nats-server is missing. */
  async start(audience: PlaygroundEvents): Promise<void> {
    this.starting = startPlayground({ configBucket: true });
    this.others = startOtherSystems(systemNames, { seed: 1, calm: false });
    const others = this.others.then((systems) => {
      if (this.closed) return;
      for (const connection of systemConnections(systems)) audience.onConnection(connection);
      for (const problem of systems.problems) audience.onProblem(problem);
    });
    try {
      this.running = await this.starting;
      if (!this.closed) audience.onConnection(latticeConnection(this.running));
    } finally {
      this.starting = undefined;
    }
    await others;
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
    this.closed = true;
    const stop = (started: Promise<{ stop(): Promise<void> }> | undefined) =>
      started?.then(
        (systems) => systems.stop(),
        () => undefined,
      );
    await Promise.all([stop(this.starting), this.running?.stop(), stop(this.others)]);
    this.running = undefined;
  }

  private state(): PlaygroundState {
    const playground = this.running;
    const starting = this.starting !== undefined;
    if (!playground) return { running: false, starting, natsRunning: false, hosts: [] };
    const hosts = playground.lattices.flatMap(({ name, hosts }) =>
      hosts.map((host) => ({ ...host, lattice: name })),
    );
    return {
      running: true,
      starting,
      natsRunning: playground.nats.running,
      address: playground.natsUrl,
      hosts,
    };
  }
}

type Action = Parameters<PlaygroundController["handlers"]["playground.disturb"]>[0]["action"];

function order(action: Action, host: string): ControlOrder {
  if (action === "lose-next-events")
    return { do: "fault", host, fault: { kind: "dropEvents", on: "component_scaled", count: 2 } };
  if (action === "add-host" || action === "kill-nats" || action === "restart-nats") return { do: action };
  return { do: action, host };
}
