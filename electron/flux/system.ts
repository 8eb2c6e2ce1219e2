import type { SystemModule } from "../connections/system-module.ts";
import { diagnoseListener } from "./listener/diagnosis.ts";
import { FluxSession, type FluxSessionParts } from "./session/flux-session.ts";

export type FluxSystem = SystemModule<"flux", FluxSession>;

export type FluxSystemParts = Omit<FluxSessionParts, "connectionId" | "target" | "scope">;

/** Flux daemons as the connections see them: "connected" means that we listen. */
export function fluxSystem(parts: FluxSystemParts): FluxSystem {
  const listening = new Set<FluxSession>();
  return {
    system: "flux",
    diagnose: ({ target }) =>
      diagnoseListener(
        target,
        [...listening].map(({ server }) => server),
      ),
    connect: async ({ id, target }, _secrets, scope) => {
      const session = new FluxSession({ ...parts, connectionId: id, target, scope });
      await session.listener.open();
      listening.add(session);
      scope.onEnd(() => listening.delete(session));
      return session;
    },
  };
}
