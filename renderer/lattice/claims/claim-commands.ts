import { curlOf } from "../../command/curl-commands.ts";
import type { CopiedCommands } from "../../command/wire-commands.ts";
import { type CommandPlace, wireCommands } from "../copy-as.ts";

/** Reads the claims from any host (wasmcloud-control §2.3). */
export function claimCommands(place: CommandPlace): CopiedCommands {
  const { connectionId, lattice } = place;
  return {
    ...wireCommands(place, "claims.get"),
    curl: [curlOf("lattice.claims.list", { connectionId, lattice })],
  };
}
