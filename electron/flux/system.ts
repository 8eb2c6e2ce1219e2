import type { SystemModule } from "../connections/system-module.ts";
import { defaultTimes } from "./client/daemon-client.ts";
import { diagnoseListener } from "./listener/diagnosis.ts";
import { defaultLimits } from "./listener/limits.ts";
import { FluxSession, type FluxSessionParts } from "./session/flux-session.ts";

export type FluxSystem = SystemModule<"flux", FluxSession>;

export type FluxSystemParts = Pick<FluxSessionParts, "events" | "clock" | "onError">;

/** How often a connected daemon is asked for its facts, beside what its events bring. */
const readEveryMs = 30_000;

/** Flux daemons as the connections see them: "connected" means that we listen. */
export function fluxSystem(parts: FluxSystemParts): FluxSystem {
  const settings = { ...parts, limits: defaultLimits, times: defaultTimes, readEveryMs };
  const listening = new Set<FluxSession>();
  return {
    system: "flux",
    diagnose: ({ target }) =>
      diagnoseListener(
        target,
        [...listening].map(({ server }) => server),
      ),
    connect: async ({ id, target }, _secrets, scope) => {
      const session = new FluxSession({ ...settings, connectionId: id, target, scope });
      await session.listener.open();
      listening.add(session);
      scope.onEnd(() => listening.delete(session));
      return session;
    },
  };
}
