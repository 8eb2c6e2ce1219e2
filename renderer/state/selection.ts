import { useLocation } from "react-router";
import type { ConnectionProfile, ConnectionStatus } from "../../shared/connections/schema.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { selectionOfPath } from "./paths.ts";

/** The lattice that the address names, with its connection as last known. */
export interface Selection {
  connectionId: string;
  lattice: string;
  /** Undefined until the connections are read, or when the address names none that exists. */
  profile: ConnectionProfile | undefined;
  status: ConnectionStatus | undefined;
}

/** The selected lattice, or undefined on a page of the console itself. */
export function useOptionalSelection(): Selection | undefined {
  const selected = selectionOfPath(useLocation().pathname);
  const row = useTopicRow("connections", {}, selected?.connectionId);
  if (!selected) return undefined;
  return { ...selected, profile: row?.profile, status: row?.status };
}

/** The selected lattice, for pages that exist only below `/c/:connectionId/:lattice`; throws elsewhere. */
export function useSelection(): Selection {
  const selection = useOptionalSelection();
  if (!selection) throw new Error("This page needs a selected lattice in its address.");
  return selection;
}
