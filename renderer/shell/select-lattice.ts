import { useLocation, useNavigate } from "react-router";
import { pageOfPath, pathTo } from "../state/paths.ts";
import type { SelectedLattice } from "../state/ui-store.ts";

/** Goes to the page of the same name in another lattice. */
export function useSelectLattice(): (target: SelectedLattice) => void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (target) => navigate(pathTo(pageOfPath(pathname), target));
}
