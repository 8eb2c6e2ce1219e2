import { createContext, useContext } from "react";
import type { TopologyItem } from "./topology-items.ts";

interface FocusedItem {
  /** The item that the Tab key finds. */
  focusedKey: string | undefined;
  onFocus: (key: string) => void;
  onOpen: (item: TopologyItem) => void;
}

const FocusContext = createContext<FocusedItem>({
  focusedKey: undefined,
  onFocus: () => undefined,
  onOpen: () => undefined,
});

/** Hands the focus of the graph to its nodes, which the graph library renders. */
export const FocusProvider = FocusContext.Provider;

/** Which item of the graph has the focus, and what a node tells of itself. */
export function useFocusedItem(): FocusedItem {
  return useContext(FocusContext);
}
