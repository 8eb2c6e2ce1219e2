import type { WireRequest } from "../../../shared/contract/index.ts";
import { curlOf } from "../../command/curl-commands.ts";
import { type CopiedCommands, natsCommandOf, washCommandOf } from "../../command/wire-commands.ts";
import type { CommandPlace } from "../copy-as.ts";
import { type AuctionQuestion, auctionInput } from "./auction-form.ts";

/** An auction as commands of other tools (wasmcloud-control §2.4, §2.5). */
export function auctionCommands(place: CommandPlace, question: AuctionQuestion): CopiedCommands {
  const { connectionId, lattice, target } = place;
  const { kind, id, imageReference, constraints } = question;
  const address = `${target.topicPrefix}.v1.${lattice}.${kind}.auction`;
  const payload = { [`${kind}_ref`]: imageReference, [`${kind}_id`]: id, constraints };
  const request: WireRequest = { protocol: "nats", address, payload };
  const { name, input } = auctionInput(question, { connectionId, lattice });
  return {
    wash: washCommandOf(request, target),
    nats: natsCommandOf(request, { ...target, requestTimeoutMs: target.auctionTimeoutMs }),
    curl: [curlOf(name, input as never)],
  };
}
