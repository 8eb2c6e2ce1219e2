import type { Clock } from "../../shared/contract/index.ts";
import { diagnose } from "../connections/diagnosis.ts";
import { mayPass } from "../connections/nats-failure.ts";
import { connectNats } from "../connections/nats-link.ts";
import type { SystemModule } from "../connections/system-module.ts";
import type { EventSink } from "./events/event-recorder.ts";
import { ConnectedLattices } from "./session/connected-lattices.ts";

export type LatticeSystem = SystemModule<"lattice", ConnectedLattices>;

export interface LatticeSystemParts {
  sink: EventSink;
  clock: Clock;
  onError(error: unknown): void;
}

/** wasmCloud lattices as the connections see them. */
export function latticeSystem(parts: LatticeSystemParts): LatticeSystem {
  return {
    system: "lattice",
    diagnose,
    mayPass,
    connect: async (profile, secrets, scope) =>
      new ConnectedLattices({ ...parts, link: await connectNats(profile, secrets, scope), scope }),
  };
}
