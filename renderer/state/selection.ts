import { useLocation } from "react-router";
import type { ConnectionStatus, ProfileOf, System } from "../../shared/connections/schema.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { selectionOfPath, systemOf } from "./paths.ts";
import type { SelectedLattice, SelectedSystem } from "./ui-store.ts";

interface Known<S extends System> {
  /** Undefined until the connections are read, or when the address names none of this system. */
  profile: ProfileOf<S> | undefined;
  status: ConnectionStatus | undefined;
}

/** The lattice that the address names, with its connection as last known. */
export type LatticeSelection = SelectedLattice & Known<"lattice">;
/** The connection to another system that the address names, as last known. */
export type SystemSelection<S extends SelectedSystem["system"] = SelectedSystem["system"]> = {
  system: S;
  connectionId: string;
} & Known<S>;
export type Selection = LatticeSelection | SystemSelection;

/** What the address selects, or undefined on a page of the console itself. */
export function useOptionalSelection(): Selection | undefined {
  const selected = selectionOfPath(useLocation().pathname);
  const row = useTopicRow("connections", {}, selected?.connectionId);
  if (!selected) return undefined;
  const known = row && row.profile.system === systemOf(selected) ? row : undefined;
  return { ...selected, profile: known?.profile, status: known?.status } as Selection;
}

/** The selected lattice, for pages that exist only below `/c/:connectionId/:lattice`; throws elsewhere. */
export function useSelection(): LatticeSelection {
  const selection = useOptionalSelection();
  if (selection && selection.system === undefined) return selection;
  throw new Error("This page needs a selected lattice in its address.");
}

/** The selected connection to a system, for pages that exist only below its address; throws elsewhere. */
export function useSystemSelection<S extends SelectedSystem["system"]>(system: S): SystemSelection<S> {
  const selection = useOptionalSelection();
  if (selection && selection.system === system) return selection as SystemSelection<S>;
  throw new Error(`This page needs a connection to ${system} in its address.`);
}
