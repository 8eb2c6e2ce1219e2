import { create } from "zustand";
import { persist } from "zustand/middleware";
import { ownValue } from "../../shared/contract/index.ts";

/** From which figure on a queue is marked; what is left out is not watched. */
export interface Thresholds {
  lagSeconds?: number;
  pending?: number;
  failed?: number;
  dead?: number;
}

interface ThresholdStore {
  byConnection: Readonly<Record<string, Thresholds>>;
  set(connectionId: string, thresholds: Thresholds): void;
}

const usual: Thresholds = { lagSeconds: 300, dead: 100 };

const useStore = create<ThresholdStore>()(
  persist(
    (set) => ({
      byConnection: {},
      set: (connectionId, thresholds) =>
        set(({ byConnection }) => ({ byConnection: { ...byConnection, [connectionId]: thresholds } })),
    }),
    { name: "switchyard-forge-thresholds", version: 1 },
  ),
);

/** The thresholds of a server's queues, as the person set them. */
export function useThresholds(connectionId: string): Thresholds {
  return useStore((state) => ownValue(state.byConnection, connectionId)) ?? usual;
}

export function setThresholds(connectionId: string, thresholds: Thresholds): void {
  useStore.getState().set(connectionId, thresholds);
}
