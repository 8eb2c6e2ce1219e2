import { create } from "zustand";
import { persist } from "zustand/middleware";
import { ownValue } from "../../shared/contract/index.ts";

interface AskedStore {
  byConnection: Readonly<Record<string, readonly string[]>>;
  set(connectionId: string, ids: readonly string[]): void;
}

const useStore = create<AskedStore>()(
  persist(
    (set) => ({
      byConnection: {},
      set: (connectionId, ids) =>
        set(({ byConnection }) => ({ byConnection: { ...byConnection, [connectionId]: ids } })),
    }),
    { name: "switchyard-flowfabric-budgets", version: 1 },
  ),
);

const none: readonly string[] = [];

/** Budgets that somebody asked for by id: where Valkey lists none, nothing else remembers them. */
export function useAskedBudgets(connectionId: string): readonly string[] {
  return useStore((state) => ownValue(state.byConnection, connectionId)) ?? none;
}

export function askForBudget(connectionId: string, id: string): void {
  const { byConnection, set } = useStore.getState();
  set(connectionId, [...(ownValue(byConnection, connectionId) ?? none).filter((one) => one !== id), id]);
}

export function hideBudget(connectionId: string, id: string): void {
  const { byConnection, set } = useStore.getState();
  set(
    connectionId,
    (ownValue(byConnection, connectionId) ?? none).filter((one) => one !== id),
  );
}
