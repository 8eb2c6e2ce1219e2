import type { Handler, HostContext, Outcome } from "../host/host-context.ts";
import { refused } from "../host/host-context.ts";
import { RefusedRequest } from "../host/request-reader.ts";
import { auctionComponent, auctionProvider } from "./auctions.ts";
import { getClaims } from "./claims.ts";
import { scaleComponent } from "./component-scale.ts";
import { updateComponent } from "./component-update.ts";
import { deleteConfig, getConfig, putConfig } from "./config-commands.ts";
import { deleteLabel, getInventory, pingHost, putLabel, putRegistries, stopHost } from "./host-commands.ts";
import { deleteLink, getLinks, putLink } from "./link-commands.ts";
import { startProvider } from "./provider-start.ts";
import { stopProvider } from "./provider-stop.ts";

const withoutId = new Map<string, Handler>([
  ["host.ping", pingHost],
  ["claims.get", getClaims],
  ["component.auction", auctionComponent],
  ["provider.auction", auctionProvider],
  ["link.put", putLink],
  ["link.del", deleteLink],
  ["link.get", getLinks],
  ["registry.put", putRegistries],
]);

const withId = new Map<string, Handler>([
  ["host.get", getInventory],
  ["host.stop", stopHost],
  ["component.scale", scaleComponent],
  ["component.update", updateComponent],
  ["provider.start", startProvider],
  ["provider.stop", stopProvider],
  ["label.put", putLabel],
  ["label.del", deleteLabel],
  ["config.put", putConfig],
  ["config.get", getConfig],
  ["config.del", deleteConfig],
]);

function findHandler(tokens: readonly string[]): Handler | undefined {
  const verb = tokens.slice(0, 2).join(".");
  if (tokens.length === 2) return withoutId.get(verb);
  return tokens.length === 3 ? withId.get(verb) : undefined;
}

/** Finds and runs the handler for the subject tokens after the lattice (wasmcloud-control §1.4). */
export async function dispatch(
  context: HostContext,
  tokens: readonly string[],
  payload: Uint8Array,
): Promise<Outcome> {
  const handler = findHandler(tokens);
  if (!handler) return { reply: refused("unsupported subject") };
  try {
    return await handler(context, { id: tokens[2] ?? "", payload });
  } catch (error) {
    if (error instanceof RefusedRequest) return { reply: refused(error.message) };
    throw error;
  }
}
