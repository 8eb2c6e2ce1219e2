import type { Handlers } from "../../../shared/contract/index.ts";
import type { auctionOperations } from "../../../shared/lattice/auction-operations.ts";
import { holdAuction } from "./auction.ts";
import type { CommandParts } from "./command-parts.ts";

/** Handlers of the auctions; they ask every host and change nothing. */
export function auctionHandlers(parts: Pick<CommandParts, "session">): Handlers<typeof auctionOperations> {
  return {
    "lattice.auctions.component": ({ componentId, simulate, auctionId, ...input }) =>
      holdAuction(parts.session(input), {
        kind: "component",
        id: componentId,
        imageReference: input.imageReference,
        constraints: input.constraints,
        simulated: simulate,
        auctionId,
      }),
    "lattice.auctions.provider": ({ providerId, simulate, auctionId, ...input }) =>
      holdAuction(parts.session(input), {
        kind: "provider",
        id: providerId,
        imageReference: input.imageReference,
        constraints: input.constraints,
        simulated: simulate,
        auctionId,
      }),
  };
}
