import { useLocation } from "react-router";
import type { ConnectionStatus, ProfileOf, System } from "../../shared/connections/schema.ts";
import { useTopicRow } from "../client/use-topic.ts";
import { selectionOfPath, systemOf } from "./paths.ts";
import { placeOf } from "./place.ts";
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

/** What the address selects, as the pages of a system know it. */
export type SelectedOf<S extends System> = S extends SelectedSystem["system"]
  ? SystemSelection<S>
  : LatticeSelection;

/** The selected connection to a system, and the place that confirm steps show; for pages that exist only below its address, throws elsewhere. */
export function useSystem<S extends System>(system: S) {
  const selection = useOptionalSelection();
  if (!selection || systemOf(selection) !== system)
    throw new Error(`This page needs a connection to ${system} in its address.`);
  const { profile, status } = selection;
  return { ...(selection as SelectedOf<S>), isOpen: status?.state === "open", place: placeOf(profile) };
}

/** The selected lattice, for pages that exist only below `/c/:connectionId/:lattice`; throws elsewhere. */
export function useSelection() {
  return useSystem("lattice");
}
