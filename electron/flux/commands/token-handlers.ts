import type { FluxTarget } from "../../../shared/connections/flux-target.ts";
import { Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { fluxListenerOperations, IssuedToken } from "../../../shared/flux/listener-operations.ts";
import type { ConnectionManager } from "../../connections/manager.ts";
import { hashToken, newToken } from "../listener/tokens.ts";
import type { CommandParts, OnDaemon } from "./command-parts.ts";

type TokenOperations = Pick<
  typeof fluxListenerOperations,
  "flux.daemons.add" | "flux.daemons.renew-token" | "flux.daemons.remove"
>;
type Holders = FluxTarget["daemons"];

/** Handlers that decide who may come in; tokens are part of the saved connection, as hashes. */
export function tokenHandlers(
  parts: CommandParts,
  connections: ConnectionManager,
): Handlers<TokenOperations> {
  const change = async (connectionId: string, work: (holders: Holders) => Holders): Promise<void> => {
    await connections.edit(connectionId, "flux", (target) => {
      requireOwn(parts, connections, connectionId);
      return { ...target, daemons: work(target.daemons) };
    });
  };
  const issue = async (
    place: OnDaemon,
    work: (holders: Holders, tokenHash: string) => Holders,
  ): Promise<IssuedToken> => {
    const token = newToken();
    await change(place.connectionId, (holders) => work(holders, hashToken(token)));
    const { url } = parts.listener(place.connectionId).listener;
    return { daemon: parts.session(place).row(), token, flags: [`--connect=${url}`, `--token=${token}`] };
  };
  return {
    "flux.daemons.add": ({ name, ...place }) =>
      issue(place, (holders, tokenHash) => {
        if (holders.some(({ id }) => id === place.daemonId)) throw exists(place.daemonId);
        return [...holders, { id: place.daemonId, name, tokenHash }];
      }),
    "flux.daemons.renew-token": (place) =>
      issue(place, (holders, tokenHash) => {
        parts.session(place);
        return holders.map((holder) => (holder.id === place.daemonId ? { ...holder, tokenHash } : holder));
      }),
    "flux.daemons.remove": async ({ connectionId, daemonId }) => {
      parts.session({ connectionId, daemonId });
      await change(connectionId, (holders) => holders.filter(({ id }) => id !== daemonId));
      return { removed: true };
    },
  };
}

/** Throws where the console does not listen, and for the playground. */
function requireOwn(parts: CommandParts, connections: ConnectionManager, connectionId: string): void {
  parts.listener(connectionId);
  if (!connections.profile(connectionId).playground) return;
  throw new Failure({
    code: "conflict",
    message: "The playground's daemons are made by the console, with their tokens.",
    hint: "Add a connection to Flux of your own, and give tokens there.",
  });
}

function exists(daemonId: string): Failure {
  return new Failure({
    code: "conflict",
    message: `There is a daemon ${daemonId} already.`,
    hint: "Choose another id, or renew the token of this one.",
  });
}
