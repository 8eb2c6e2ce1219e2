import type { Handlers } from "../../../shared/contract/index.ts";
import type { hostOperations } from "../../../shared/lattice/host-operations.ts";
import type { CommandParts } from "./command-parts.ts";
import { hostStopExecution } from "./host-stop.ts";
import { previewStop } from "./stop-preview.ts";

type HostOperations = Pick<typeof hostOperations, "lattice.hosts.preview-stop" | "lattice.hosts.stop">;

/** Handlers that preview and carry out the stop of a host. */
export function hostHandlers(parts: CommandParts): Handlers<HostOperations> {
  return {
    "lattice.hosts.preview-stop": async (input) => {
      const session = parts.session(input);
      const { raw: _raw, ...reading } = await session.hostInventory(input.hostId);
      const lattice = {
        hosts: session.hosts(),
        components: session.components(),
        providers: session.providers(),
        links: session.links(),
        linksReadAt: session.row().linksReadAt,
      };
      return previewStop({ ...reading, lattice });
    },
    "lattice.hosts.stop": async ({ hostId, timeoutMs, ...scope }) =>
      hostStopExecution(parts, scope, { hostId, timeoutMs }),
  };
}
