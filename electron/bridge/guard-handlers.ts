import type { Unlocks } from "./unlocks.ts";

/** Handlers of `guards.*`. */
export function guardHandlers(unlocks: Unlocks) {
  return {
    "guards.list": () => unlocks.snapshot(),
    "guards.lock": ({ connectionId }: { connectionId: string }) => ({
      locked: unlocks.lock(connectionId),
    }),
  };
}
